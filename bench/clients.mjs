// Clients of another kind than the bench's own: many that do next to nothing.
//   clients.mjs hold PORT COUNT       connect, and say so; read and forget what comes, until stdin ends
//   clients.mjs visit PORT COUNT N    connect, ask once and leave, N at a time
import { once } from "node:events"
import { connect } from "node:net"

const [mode, port, count, atOnce] = process.argv.slice(2).map((arg) => Number(arg) || arg)

const hold = async () => {
  const sockets = []
  while (sockets.length < count) {
    const group = Array.from({ length: Math.min(500, count - sockets.length) }, () => connect(port, "127.0.0.1"))
    await Promise.all(group.map((socket) => once(socket, "connect")))
    sockets.push(...group)
  }
  for (const socket of sockets) socket.resume()
  console.log("held")
  process.stdin.resume()
  await once(process.stdin, "end")
  process.exit(0)
}

const visitOnce = async () => {
  const socket = connect(port, "127.0.0.1")
  await once(socket, "connect")
  socket.write("hello\n")
  const [reply] = await once(socket, "data")
  if (reply.toString() !== "hello\n") throw new Error(`wrong reply: ${reply}`)
  socket.end()
  await once(socket, "close")
}

const visit = async () => {
  const started = performance.now()
  let left = count
  let lost = 0
  const visitor = async () => {
    while (left-- > 0) await visitOnce().catch(() => lost++)
  }
  await Promise.all(Array.from({ length: atOnce }, visitor))
  console.log(JSON.stringify({ lost, seconds: (performance.now() - started) / 1000 }))
}

await (mode === "hold" ? hold() : visit())
