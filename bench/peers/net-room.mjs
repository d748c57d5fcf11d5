// Tells each line to all who are connected, by hand on node:net: its bytes are made once.
import { createServer } from "node:net"

const sockets = new Set()
const server = createServer({ noDelay: true }, (socket) => {
  let rest = ""
  sockets.add(socket)
  socket.setEncoding("utf8")
  socket.on("close", () => sockets.delete(socket))
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()
    for (const line of lines) {
      const bytes = Buffer.from(`${line}\n`)
      for (const other of sockets) other.write(bytes)
    }
  })
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (net)`))
