// Clients of bench/peers/platform.mjs, in lines or in @effect/rpc's NDJSON.
//   platformClients.mjs finish KIND PORT COUNT         so many ask what takes a while, and finish: how many are answered?
//   platformClients.mjs remain KIND PORT COUNT         so many ask what takes a while, and say so: how many are answered?
//   platformClients.mjs flood KIND PORT SECONDS        one asks without end, and reads nothing
//   platformClients.mjs ask KIND PORT COUNT SECONDS N  each sends N requests at once, again when all have come back
import { once } from "node:events"
import { connect } from "node:net"

const [mode, kind] = process.argv.slice(2)
const [port, count, seconds, atOnce] = process.argv.slice(4).map(Number)

const question = (text, id = 0) =>
  kind === "rpc"
    ? `${JSON.stringify({ _tag: "Request", id: String(id), tag: "Echo", payload: { text }, headers: [] })}\n`
    : `${text}\n`

const connected = async () => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true })
  await once(socket, "connect")
  socket.on("error", () => {})
  return socket
}

/** Whether a reply comes before the connection is over. */
const answered = (socket) =>
  new Promise((resolve) => {
    let said = ""
    socket.setEncoding("utf8").on("data", (text) => said += text)
    const over = () => {
      socket.end()
      resolve(/slow.*\n/.test(said))
    }
    socket.on("end", over)
    socket.on("close", over)
  })

const tell = (replies) => {
  console.log(JSON.stringify({ answered: replies.filter(Boolean).length }))
  process.exit(0)
}

const finish = async () => {
  const ask = async () => {
    const socket = await connected()
    socket.end(question("slow"))
    return answered(socket)
  }
  tell(await Promise.all(Array.from({ length: count }, ask)))
}

const remain = async () => {
  const sockets = await Promise.all(Array.from({ length: count }, connected))
  const replies = sockets.map(answered)
  for (const socket of sockets) socket.write(question("slow"))
  console.log("asked")
  tell(await Promise.all(replies))
}

const flood = async () => {
  const socket = await connected()
  socket.pause()
  const questions = Buffer.from(question("x".repeat(100)).repeat(500))
  const end = performance.now() + count * 1000
  while (performance.now() < end) {
    if (socket.write(questions)) continue
    await Promise.race([once(socket, "drain"), new Promise((resolve) => setTimeout(resolve, 100))])
  }
  console.log(JSON.stringify({ sent: socket.bytesWritten }))
  process.exit(0)
}

const ask = async () => {
  const batch = Array.from({ length: atOnce }, (_, id) => question("12+34*2", id)).join("")
  let answered = 0
  for (let i = 0; i < count; i++) {
    const socket = await connected()
    let heard = 0
    socket.on("data", (bytes) => {
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) heard++
      if (heard < atOnce) return
      if (heard > atOnce) throw new Error("too many replies")
      heard = 0
      answered += atOnce
      socket.write(batch)
    })
    socket.write(batch)
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const [began, before] = [Date.now(), answered]
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  console.log(JSON.stringify({ began, replies: answered - before, seconds: (Date.now() - began) / 1000 }))
  process.exit(0)
}

await { finish, remain, flood, ask }[mode]()
