/** A crowd of clients for one server, in a process of its own: what it makes wait is not the bystander. */
import { PCGRandom } from "effect/Utils"
import * as net from "node:net"
import { adversaries, reset } from "./adversaries.js"
import { speeches } from "./Speech.js"

export interface Settings {
  readonly port: number
  readonly protocol: string
  readonly seed: number
  /** The longest that a client stays, in milliseconds. */
  readonly longest: number
}

/** How many clients there are to be from now on; with 0 they leave, each in its way. */
export interface Order {
  readonly size: number
}

/** Told when all have left: how many there were until now, and what they have to say against the server. */
export interface Told {
  readonly clients: number
  readonly accusations: ReadonlyArray<string>
}

const { longest, port, protocol, seed } = JSON.parse(process.argv[2]!) as Settings
const speech = speeches.find((speech) => speech.protocol === protocol)!
const random = new PCGRandom(seed)
const names = Object.keys(adversaries)
const nameOfAny = (): string => names[random.integer(names.length)]!
const present = new Set<net.Socket>()
const accusations: Array<string> = []
/** What is in fashion: a few of one kind at a time do what one among all kinds does not. */
let fashion = [nameOfAny()]
let size = 0
let clients = 0

const leave = (socket: net.Socket): void => {
  switch (random.integer(3)) {
    case 0:
      reset(socket)
      break
    case 1:
      socket.destroy()
      break
    default:
      socket.end()
      socket.resume()
      // Who waits to be let in is not answered, and does not wait for it.
      setTimeout(() => socket.destroy(), 200)
  }
}

const join = (): void => {
  clients++
  const name = fashion[random.integer(fashion.length)]!
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: random.integer(2) === 0 })
  const timers = new Set<NodeJS.Timeout>()
  const after = (milliseconds: number, then: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!socket.destroyed) then()
    }, milliseconds)
    timers.add(timer)
  }
  present.add(socket)
  // To be refused, cut and reset is what it came for.
  socket.on("error", () => {})
  socket.on("close", () => {
    for (const timer of timers) clearTimeout(timer)
    present.delete(socket)
    if (size > 0) setTimeout(fill, random.integer(50))
    tell()
  })
  const accuse = (words: string): void => void accusations.push(`to one who ${name}, ${words}`)
  socket.once("connect", () => {
    after(random.integer(longest), () => leave(socket))
    adversaries[name]!({ socket, speech, random, after, accuse })
  })
}

const fill = (): void => {
  while (present.size < size) join()
}

setInterval(() => {
  fashion = Array.from({ length: 1 + random.integer(2) }, nameOfAny)
}, 500)

const tell = (): void => {
  if (size > 0 || present.size > 0) return
  process.send!({ clients, accusations } satisfies Told)
}

process.on("message", (order: Order) => {
  size = order.size
  fill()
  if (size === 0) { for (const socket of present) leave(socket) }
  tell()
})

// Without the run there is nobody to tell.
process.on("disconnect", () => process.exit())
