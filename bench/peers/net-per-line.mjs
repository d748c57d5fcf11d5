// Echoes lines on node:net, as it is mostly done: a write for each line.
import { createServer } from "node:net"

const server = createServer({ noDelay: true }, (socket) => {
  let rest = ""
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()
    for (const line of lines) socket.write(`${line}\n`)
  })
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (net)`))
