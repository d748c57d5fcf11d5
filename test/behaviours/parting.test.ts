import { describe, expect } from "@effect/vitest"
import { Framing, Protocol, type Session } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Stage } from "./support/stages.js"
import { each, everywhere, exchange, many, serve } from "./support/stages.js"

const { turn } = Protocol

describe.each<Stage>(everywhere)("How a conversation ends, on %s", (stage) => {
  stage.it(
    "49. A script hears the end, behind the last message, and may go on until it ends itself.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const sessions: Array<Session.Session<string>> = []
          const protocol = Protocol.conversation({
            name: "to the end",
            framing: Framing.line,
            *talk(session: Protocol.Talk<string, string, string>) {
              sessions.push(session)
              let heard = 0
              for (let text = yield* session.hear.orEnd; Option.isSome(text); text = yield* session.hear.orEnd) heard++
              yield* session.say(`heard ${heard}`)
              const waited = yield* session.hearEvent.within("10 millis")
              yield* session.say(`nothing: ${Option.isNone(waited)}`)
              yield* session.say(`told ${yield* session.hearEvent}`)
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\nb\nlast")
          yield* peer.end
          expect(yield* peer.readLine).toBe("heard 3")
          expect(yield* peer.readLine).toBe("nothing: true")
          expect(sessions[0]!.notify("so")).toBe(true)
          expect((yield* peer.readToEnd).toString()).toBe("told so\n")
          yield* server.until("Closed", 1)
          expect(server.of("Closed")[0]!.reason).toBe("ServerClosed")
        }))
  )

  stage.it(
    "49. A script that waits for a message behind the end is closed, and its `finally` runs.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const protocol = Protocol.conversation({
            name: "one more",
            framing: Framing.line,
            *talk(session) {
              try {
                for (;;) {
                  const heard = yield* session.hear.orEnd
                  log.push(Option.getOrElse(heard, () => "the end"))
                }
              } finally {
                log.push("finally")
              }
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("a\n")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("")
          yield* server.until("Closed", 1)
          expect(log).toEqual(["a", "the end", "finally"])
          expect(server.of("Closed")[0]!.reason).toBe("PeerClosed")
        }))
  )

  stage.it(
    "49. At the stop a script hears the end, too, and has its last word.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.conversation({
            name: "last words",
            framing: Framing.line,
            *talk(session) {
              for (;;) {
                const heard = yield* session.hearAny.orEnd
                if (Option.isNone(heard)) break
                yield* session.say("heard")
              }
              yield* Effect.sleep("5 millis")
              yield* session.say("bye")
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          expect(yield* exchange(peer, "a")).toBe("heard")
          yield* Effect.fork(server.stop)
          expect((yield* peer.readToEnd).toString()).toBe("bye\n")
          yield* peer.close
          expect(yield* server.ended).toEqual({ accepted: 1, cut: 0 })
        }))
  )

  stage.it(
    "49. A script may finish its own half first, and hear on.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const heard = yield* Deferred.make<string>()
          const protocol = Protocol.conversation({
            name: "finishing",
            framing: Framing.line,
            *talk(session) {
              yield* session.say("that is all")
              yield* session.finish
              yield* session.say("too late")
              yield* Deferred.succeed(heard, `${yield* session.hear} ${yield* session.hear}`)
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          expect((yield* peer.readToEnd).toString()).toBe("that is all\n")
          yield* peer.write("one\ntwo\n")
          expect(yield* Deferred.await(heard)).toBe("one two")
          yield* peer.close
          yield* server.until("Closed", 1)
          expect(server.of("Closed")[0]!.reason).toBe("ServerClosed")
        }))
  )

  stage.it(
    "48. What changes its framing has the messages of that framing.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const protocol = Protocol.conversation({
            name: "content",
            framing: Framing.line,
            *talk(session) {
              for (;;) {
                const size = Number(yield* session.hear)
                const content = yield* session.reframe(Framing.pieces(size))
                const pieces: Array<Uint8Array> = []
                for (let left = size; left > 0; left -= pieces.at(-1)!.length) pieces.push(yield* content.hear)
                yield* content.say(Buffer.from("<"), Buffer.concat(pieces), Buffer.from(">"))
                const lines = yield* content.reframe(Framing.line)
                yield* lines.say(`${size}`)
              }
            }
          })
          const server = yield* serve(protocol, { model })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("5\na\nb\nc0\n3\n")
          yield* peer.write("12")
          yield* peer.write("3")
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("<a\nb\nc>5\n<>0\n<123>3\n")
        }))
  )

  stage.it(
    "A turn, and a session, may cut the connection: the peer is reset, and `closed` is told why.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const log: Array<string> = []
          const sessions: Array<Session.Session> = []
          const isWaiting = yield* Deferred.make<void>()
          const protocol = Protocol.make({
            name: "cutting",
            framing: Framing.line,
            open: (session: Session.Session) =>
              Effect.sync(() => {
                sessions.push(session)
                return turn(session)
              }),
            receive: (session: Session.Session, text) => {
              switch (text) {
                case "turn":
                  return Effect.succeed(turn(session, { close: "reset" }))
                case "session":
                  return Effect.as(session.reset, turn(session))
                case "wait":
                  return Effect.zipRight(Deferred.succeed(isWaiting, undefined), Effect.never).pipe(
                    Effect.onInterrupt(() => Effect.sync(() => log.push("interrupted")))
                  )
                default:
                  return Effect.succeed(turn(session, { send: [text] }))
              }
            },
            closed: ({ id }, reason) => Effect.sync(() => log.push(`closed ${id}: ${reason}`))
          })
          const server = yield* serve(protocol, { model })
          const cut = (text: string, from: Effect.Effect<void> = Effect.void) =>
            Effect.gen(function*() {
              const peer = yield* Peer.connect(server.address)
              expect(yield* exchange(peer, "hello")).toBe("hello")
              yield* peer.write(`${text}\n`)
              yield* from
              const end = yield* Effect.either(peer.readToEnd)
              if (stage.hasReset) expect(end).toMatchObject(Either.left({ _tag: "ConnectionReset" }))
              else expect(Either.merge(Either.mapLeft(end, () => Buffer.alloc(0)))).toHaveLength(0)
            })
          yield* cut("turn")
          yield* cut("session")
          yield* cut("wait", Effect.zipRight(Deferred.await(isWaiting), Effect.suspend(() => sessions[2]!.reset)))
          yield* cut("more", Effect.suspend(() => sessions[3]!.reset))
          yield* server.until("Closed", 4)
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(Array(4).fill("ServerReset"))
          expect(log).toEqual([
            "closed 1: ServerReset",
            "closed 2: ServerReset",
            "interrupted",
            "closed 3: ServerReset",
            "closed 4: ServerReset"
          ])
          // Once it is over, nothing more comes of it.
          yield* sessions[0]!.reset
          expect(server.of("Failed")).toEqual([])
        }))
  )
})
