/** A function from text to text, as the protocol that answers each message by it. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { basename, extname } from "node:path"
import { inspect } from "node:util"
import { auto } from "../../../domain/framing/Auto.js"
import type { TextProtocol } from "../../../domain/Protocol.js"
import { requestReply } from "../../../domain/Protocol.js"

const text = (reply: unknown): Effect.Effect<string> =>
  typeof reply === "string"
    ? Effect.succeed(reply)
    : Effect.die(
      new TypeError(`the reply is ${inspect(reply, { depth: 0 })}: it must be a text, or a Promise or an Effect of one`)
    )

/** It is called as its file is. What the function throws, or its promise is rejected with, is a defect: of one connection. */
export const fromFunction = (path: string, reply: (text: string) => unknown): TextProtocol =>
  requestReply({
    name: basename(path, extname(path)),
    framing: auto,
    reply: (message) =>
      Effect.suspend(() => {
        const value = reply(message)
        if (Effect.isEffect(value)) return Effect.flatMap(value as Effect.Effect<unknown>, text)
        return Predicate.isPromiseLike(value) ? Effect.flatMap(Effect.promise(() => value), text) : text(value)
      })
  })
