// Clients of another kind than the bench's own: many that do next to nothing.
//   clients.mjs hold PORT COUNT       connect, and say so; read and forget what comes, until stdin ends
//   clients.mjs visit PORT COUNT N    connect, ask once and leave, N at a time
//   clients.mjs tail PORT COUNT       ask for so many lines, and take them as fast as they come
//   clients.mjs pester PORT COUNT     ask the calculator dear questions without end, 32 at a time each, until stdin ends
//   clients.mjs wonder PORT SECONDS   ask it what 1+1 is, again and again, and how long that takes
//   clients.mjs reckon PORT COUNT SECONDS EXPRESSION    ask it that, one at a time each; also how much CPU that took them
//   clients.mjs gather PORT COUNT N SECONDS   one says N lines at once, again when all have heard them
//   clients.mjs line PORT COUNT N SECONDS     send N lines at once, again when all have come back
//   clients.mjs frame PORT COUNT N SECONDS    the same with WebSocket messages
// PORT may be the path of a unix socket.
import { once } from "node:events"
import { connect } from "node:net"

const [mode, port, count, atOnce, seconds] = process.argv.slice(2).map((arg) => Number(arg) || arg)

/** So many connections. */
const crowd = async () => {
  const sockets = []
  while (sockets.length < count) {
    const group = Array.from({ length: Math.min(500, count - sockets.length) }, () => connect(port, "127.0.0.1"))
    await Promise.all(group.map((socket) => once(socket, "connect")))
    sockets.push(...group)
  }
  return sockets
}

const hold = async () => {
  for (const socket of await crowd()) socket.resume()
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

/** It takes all the steps that an expression may have. */
const dear = "sum(map(int.bit_count,[2**65535-1]*10000))\n"

const pester = async () => {
  for (let i = 0; i < count; i++) {
    const socket = connect(port, "127.0.0.1")
    await once(socket, "connect")
    socket.write(dear.repeat(32))
    socket.on("data", (replies) => socket.write(dear.repeat(replies.toString().split("\n").length - 1)))
    socket.on("error", () => {})
  }
  console.log("pestering")
  process.stdin.resume()
  await once(process.stdin, "end")
  process.exit(0)
}

const wonder = async () => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true })
  await once(socket, "connect")
  const times = []
  const end = performance.now() + count * 1000
  for (let asked = performance.now(); asked < end; asked = performance.now()) {
    socket.write("1+1\n")
    const [reply] = await once(socket, "data")
    if (reply.toString() !== "2\n") throw new Error(`wrong reply: ${reply}`)
    times.push(performance.now() - asked)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
  console.log(JSON.stringify({ asked: times.length, median: at(0.5), tail: at(0.99), most: sorted.at(-1) }))
  socket.destroy()
}

const reckon = async () => {
  const [forSeconds, expression] = [atOnce, process.argv[6]]
  const sockets = await crowd()
  let answered = 0
  let wrong = 0
  for (const socket of sockets) {
    socket.setNoDelay().on("data", (reply) => {
      if (/^\d+\n$/.test(reply.toString())) answered++
      else wrong++
      socket.write(`${expression}\n`)
    })
    socket.write(`${expression}\n`)
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const [began, before, used] = [performance.now(), answered, process.cpuUsage()]
  await new Promise((resolve) => setTimeout(resolve, forSeconds * 1000))
  const took = (performance.now() - began) / 1000
  const { system, user } = process.cpuUsage(used)
  console.log(JSON.stringify({ perSecond: (answered - before) / took, cores: (system + user) / 1e6 / took, wrong }))
  process.exit(0)
}

const gather = async () => {
  const sockets = await crowd()
  const line = `${"x".repeat(99)}\n`
  const lines = line.repeat(atOnce)
  let all = Infinity
  let heard = 0
  let wake
  for (const socket of sockets) {
    socket.on("data", (bytes) => {
      heard += bytes.length
      if (heard === all) wake()
    })
  }
  // The server may not have met all of them yet.
  for (; heard < line.length * count; await new Promise((resolve) => setTimeout(resolve, 300))) {
    heard = 0
    sockets[0].write(line)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  all = lines.length * count
  const round = () =>
    new Promise((resolve) => {
      heard = 0
      wake = resolve
      sockets[0].write(lines)
    })
  for (let warming = 0; warming < 100; warming += atOnce) await round()
  const began = Date.now()
  let rounds = 0
  for (; Date.now() < began + seconds * 1000; rounds++) await round()
  console.log(JSON.stringify({ began, deliveries: rounds * atOnce * count, seconds: (Date.now() - began) / 1000 }))
  process.exit(0)
}

const opening = [
  "GET / HTTP/1.1",
  "Host: localhost",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13\r\n\r\n"
].join("\r\n")

const request = "12+34*2"

const line = async () =>
  volley(await crowd(), Buffer.from(`${request}\n`.repeat(atOnce)), atOnce * (request.length + 1))

const frame = async () => {
  const text = Buffer.from(request)
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])
  const message = Buffer.concat([
    Buffer.from([0x81, 0x80 | text.length]),
    mask,
    text.map((byte, index) => byte ^ mask[index % 4])
  ])
  const batch = Buffer.concat(Array.from({ length: atOnce }, () => message))
  const sockets = await crowd()
  for (const socket of sockets) {
    socket.write(opening)
    await once(socket, "data")
  }
  await volley(sockets, batch, atOnce * (2 + text.length))
}

/** All of them send the batch, again and again, each when its answer of so many bytes is there. */
const volley = async (sockets, batch, answer) => {
  let answered = 0
  for (const socket of sockets) {
    let heard = 0
    socket.setNoDelay()
    socket.on("data", (bytes) => {
      heard += bytes.length
      if (heard < answer) return
      if (heard > answer) throw new Error("wrong replies")
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

/** Asks twice: the first time is the compilers'. */
const tail = async () => {
  const read = async () => {
    const socket = connect(port, "127.0.0.1")
    await once(socket, "connect")
    const started = performance.now()
    socket.write(`${count}\n`)
    let lines = 0
    for await (const chunk of socket) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
      if (lines >= count) break
    }
    if (lines !== count) throw new Error(`${lines} lines, and not ${count}`)
    return lines / (performance.now() - started) * 1000
  }
  await read()
  console.log(JSON.stringify({ perSecond: await read() }))
  process.exit(0)
}

await { hold, visit, pester, wonder, reckon, gather, line, frame, tail }[mode]()
