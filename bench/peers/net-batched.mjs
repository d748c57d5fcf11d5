// Echoes lines by hand on node:net: all lines of a chunk in one write.
import { createServer } from "node:net"

const server = createServer({ noDelay: true }, (socket) => {
  let rest = ""
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()
    let replies = ""
    for (const line of lines) replies += `${line}\n`
    if (replies !== "") socket.write(replies)
  })
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (net)`))
