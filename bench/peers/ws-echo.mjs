// Echoes messages on npm's ws, as its documentation does it.
import { WebSocketServer } from "ws"

const server = new WebSocketServer(
  { host: "127.0.0.1", port: 0, backlog: 4096, perMessageDeflate: false },
  () => console.log(`listening on ws://127.0.0.1:${server.address().port}/ (ws)`)
)
server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate())
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }))
})
