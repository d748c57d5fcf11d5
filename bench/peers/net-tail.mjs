// As many lines as are asked for, by node:stream's pipeline.
import { createServer } from "node:net"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { lines } from "./lines.mjs"

const ended = function*(count) {
  for (const line of lines(count)) yield `${line}\n`
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {})
  socket.once("data", (count) => pipeline(Readable.from(ended(Number(count))), socket).catch(() => {}))
})
server.listen(0, "127.0.0.1", () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (node:stream)`))
