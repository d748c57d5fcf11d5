import { Effect, type Scope } from "effect"
import { Framing } from "effect-switchboard"
import type { Guest, Guests } from "./Hall.js"

/** What comes of a guest's line for the guest; the others hear it from their rooms. */
export interface Outcome {
  readonly replies: ReadonlyArray<string>
  readonly quits?: boolean
}

export const question = "What is your name?"
export const refusal = "Somebody has that name, or it is none: up to 20 letters, digits and _. What is your name?"

export const welcome = (hall: Guests, guest: Guest): string =>
  `Welcome, ${guest.name}. In ${guest.place}: ${hall.namesAt(guest.place).join(", ")}`

const help = "Say anything, or /nick NAME, /who, /msg NAME TEXT, /join ROOM, /quit."

/** Does what a guest's line asks for. Both styles of the protocol are around this. */
export const obey = (hall: Guests, guest: Guest, line: string): Effect.Effect<Outcome, never, Scope.Scope> => {
  const [, verb, rest = ""] = /^\/(\w+) *(.*)$/.exec(line) ?? []
  switch (verb) {
    case "join":
      return /^\w{1,20}$/.test(rest)
        ? Effect.map(hall.go(guest, rest), () => reply(`In ${rest}: ${hall.namesAt(rest).join(", ")}`))
        : Effect.succeed(reply("Write it like /join ROOM."))
    case "quit":
      return Effect.succeed({ replies: ["Goodbye."], quits: true })
    case undefined:
      return Effect.sync(() => {
        hall.publish(guest.place, `${guest.name}: ${line}`)
        return reply()
      })
    default:
      return Effect.sync(() => answer(hall, guest, verb, rest))
  }
}

const answer = (hall: Guests, guest: Guest, verb: string, rest: string): Outcome => {
  switch (verb) {
    case "nick": {
      const before = guest.name
      if (!hall.call(guest, rest)) return reply("Somebody has that name, or it is none.")
      hall.publish(guest.place, `* ${before} is now ${rest}`)
      return reply()
    }
    case "who":
      return reply(`In ${guest.place}: ${hall.namesAt(guest.place).join(", ")}`)
    case "msg": {
      const [, name = "", text = ""] = /^(\w+) +(.+)$/.exec(rest) ?? []
      const other = hall.find(name)
      if (other === undefined) return reply(name === "" ? "Write it like /msg NAME TEXT." : `There is no ${name}.`)
      const isTold = other.session.notify(new Framing.Encoded(`[${guest.name}] ${text}`))
      return reply(isTold ? `[to ${other.name}] ${text}` : `${other.name} does not keep up.`)
    }
    default:
      return reply(help)
  }
}

const reply = (...replies: ReadonlyArray<string>): Outcome => ({ replies })
