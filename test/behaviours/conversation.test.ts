import { describe, expect, it } from "@effect/vitest"
import type { Address } from "effect-switchboard"
import { Calc, Chars, Echo, Framing, Model, Protocol, Reverse } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { ask, crowd, line, write } from "./support/crowd.js"
import * as ServerProcess from "./support/ServerProcess.js"
import { each, everywhere, many, serve, tls } from "./support/stages.js"

const KiB = 1024
const MiB = 1024 * KiB

const inTurn = [Model.iterative, Model.single]
const withoutOnce = [...many, ...inTurn]

const calc = Calc.protocol
const protocols = { calc, echo: Echo.protocol, reverse: Reverse.protocol }

/** Answers what it is asked, "slow" after 50 ms. */
const slowly = Protocol.requestReply({
  name: "slowly",
  framing: Framing.line,
  reply: (message: string) =>
    message.startsWith("slow") ? Effect.as(Effect.sleep(50), message) : Effect.succeed(message)
})

/** A client's whole conversation: sends, finishes, and gives all that came. */
const converse = (server: { readonly address: Address.Address }, bytes: string | Uint8Array) =>
  Effect.scoped(Effect.gen(function*() {
    const peer = yield* Peer.connect(server.address)
    yield* peer.write(bytes)
    yield* peer.end
    return (yield* peer.readToEnd).toString()
  }))

describe.each([...everywhere, tls])("The conversation, on %s", (stage) => {
  stage.it(
    "1. Every protocol under every model: the same bytes in give the same bytes out, client by client.",
    () =>
      Effect.gen(function*() {
        const scripts = [
          "1 + 1\n2 ** 100\n",
          "hello\r\nwörld\n\n1/0\n",
          "4 / 2",
          "",
          "\n\n\n",
          "x".repeat(5000) + "\n1\n"
        ]
        for (const protocol of Object.values(protocols)) {
          const outputs = yield* each(stage, withoutOnce, (model) =>
            Effect.gen(function*() {
              const server = yield* serve(protocol, { model })
              const concurrency = many.includes(model) ? scripts.length : 1
              return yield* Effect.forEach(scripts, (script) => converse(server, script), { concurrency })
            }))
          for (const output of outputs) expect(output).toEqual(outputs[0])
          expect(outputs[0]!.map((output) => output.length > 0)).toEqual(scripts.map((script) => script.length > 0))
          const once = yield* each(stage, [Model.once], (model) =>
            Effect.flatMap(serve(protocol, { model }), (server) =>
              converse(server, scripts[0]!)))
          expect(once[0]!.split("\n")[0]).toBe(outputs[0]![0]!.split("\n")[0])
        }
        const framing = Chars.protocol.framing.open(1000)
        const asked = yield* each(stage, [Model.once, ...withoutOnce], (model) =>
          Effect.flatMap(serve(Chars.protocol, { model }), (server) =>
            converse(server, framing.encode(Chars.request("s")))))
        for (const answer of asked) {
          expect(answer).toBe(asked[0])
        }
        expect(asked[0]).toContain("Statistics: 0 symbols was delivered")
      })
  )

  stage.it(
    "2. Input cut at every byte boundary, and input glued together, give the same replies.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const input = Buffer.from("1 + 1\r\n\"ä💡\" * 2\n\n4 / 2\n")
          const server = yield* serve(Protocol.withFraming(calc, Framing.line), { model })
          const glued = yield* converse(server, input)
          expect(glued).toBe("2\nä💡ä💡\nINVALID STATEMENT: invalid syntax\n2.0\n")
          const inPieces = (pieces: ReadonlyArray<Uint8Array>) =>
            Effect.scoped(Effect.gen(function*() {
              const peer = yield* Peer.connect(server.address)
              for (const piece of pieces) {
                yield* peer.write(piece)
                yield* Effect.sleep(1)
              }
              yield* peer.end
              return (yield* peer.readToEnd).toString()
            }))
          expect(yield* inPieces(Array.from(input, (byte) => Uint8Array.of(byte)))).toBe(glued)
          const cuts = Array.from(input, (_, at) => [input.subarray(0, at), input.subarray(at)])
          const replies = yield* Effect.forEach(cuts, inPieces, { concurrency: 10 })
          for (const reply of replies) expect(reply).toBe(glued)
        }))
  )

  stage.it(
    "3. N pipelined requests give N replies in order, even when the first is the slowest to evaluate.",
    () =>
      each(stage, withoutOnce, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model })
          const requests = ["slow", ...Array.from({ length: 999 }, (_, i) => `${i}`)].join("\n") + "\n"
          expect(yield* converse(server, requests)).toBe(requests)
        }))
  )

  stage.it(
    "4. Request, then FIN: every reply arrives, then EOF; 100 times in 100, also when the evaluation takes 50 ms.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model })
          // One fiber evaluates for all of them, one after the other.
          const times = stage.isLive && model === Model.select ? 20 : 100
          for (const request of ["quick\n", "slow\n", "slow 1\nslow 2\n"]) {
            const replies = yield* Effect.forEach(
              Array.from({ length: times }),
              () => converse(server, request),
              // On a slow machine a hundred handshakes at once would take longer than a client waits.
              { concurrency: stage.isLive ? 20 : "unbounded" }
            )
            expect(replies).toEqual(replies.map(() => request))
          }
        }))
  )

  stage.it(
    "5. A last line without its newline, at FIN, is answered once.",
    () =>
      each(stage, withoutOnce, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Protocol.withFraming(calc, Framing.line), { model })
          expect(yield* converse(server, "1 + 1\n2 + 2")).toBe("2\n4\n")
          expect(yield* converse(server, "2 + 2")).toBe("4\n")
          yield* server.stop
          const closed = server.of("Closed")
          expect(closed.map(({ replies, requests }) => [requests, replies])).toEqual([[2, 2], [1, 1]])
        }))
  )

  stage.it(
    "6. A line of exactly the maximum length (LF or CRLF, any chunking) is answered; one byte more gets `FrameTooLong` and the close.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Protocol.withFraming(Echo.protocol, Framing.line), { model, maxFrame: 1000 })
          const longest = "x".repeat(1000)
          const send = (pieces: ReadonlyArray<string>) =>
            Effect.scoped(Effect.gen(function*() {
              const peer = yield* Peer.connect(server.address)
              for (const piece of pieces) {
                yield* peer.write(piece)
                yield* Effect.sleep(1)
              }
              return [yield* peer.readLine, peer] as const
            }))
          for (const end of ["\n", "\r\n"]) {
            for (const at of [0, 1, 500, 999, 1000, 1001]) {
              const line = longest + end
              const [reply] = yield* send([line.slice(0, at), line.slice(at)].filter((piece) => piece !== ""))
              expect(reply).toBe(longest)
            }
            for (const at of [0, 1, 1000, 1001]) {
              const line = `${longest}x${end}`
              const peer = yield* Peer.connect(server.address)
              yield* peer.write(`ok\n${line.slice(0, at)}`)
              yield* Effect.sleep(1)
              yield* Effect.ignore(peer.write(`${line.slice(at)}more\n`))
              const said = (yield* peer.readToEnd).toString()
              expect(said).toBe("ok\na message may have 1000 bytes at the most\n")
              yield* peer.close
            }
          }
          yield* server.stop
          const reasons = server.of("Closed").map(({ reason }) => reason)
          expect(reasons.filter((reason) => reason === "FrameTooLong")).toHaveLength(8)
        }))
  )

  stage.it(
    "7. 100 MiB without a newline: memory held for that peer stays under the limit plus one chunk.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Protocol.withFraming(Echo.protocol, Framing.line), { model, maxFrame: 64 * KiB })
          const peer = yield* Peer.connect(server.address)
          const chunk = Buffer.alloc(64 * KiB, "x")
          yield* peer.write(chunk)
          yield* peer.write("x")
          expect(yield* peer.readLine).toBe("a message may have 65536 bytes at the most")
          // What still comes is read and thrown away, or cut.
          const sending = Effect.repeatN(peer.write(chunk), 100 * MiB / chunk.length - 1)
          yield* Effect.fork(Effect.zipRight(Effect.ignore(sending), peer.end))
          expect((yield* Effect.either(peer.readToEnd))._tag).toBe("Right")
          yield* server.stop
          expect(server.of("Closed").map(({ reason, requests }) => [reason, requests])).toEqual([["FrameTooLong", 0]])
        }))
  )

  stage.it(
    "8. UTF-8 split across chunks decodes whole; invalid UTF-8 is an error for that client only.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(Reverse.protocol, { model })
          const other = yield* Peer.connect(server.address)
          yield* other.write("first\n")
          expect(yield* other.readLine).toBe("tsrif")
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("ab\n")
          for (const byte of Buffer.from("aä💡\n")) {
            yield* peer.write(Uint8Array.of(byte))
            yield* Effect.sleep(1)
          }
          expect(yield* peer.readLine).toBe("ba")
          expect(yield* peer.readLine).toBe("💡äa")
          yield* peer.write(Uint8Array.of(0x61, 0xff, 0x0a, 0x62, 0x0a))
          expect((yield* peer.readToEnd).toString()).toBe("the message is not valid UTF-8 text\n")
          yield* other.write("second\n")
          expect(yield* other.readLine).toBe("dnoces")
          yield* peer.close
          yield* Effect.fork(Effect.zipRight(other.readToEnd, other.close))
          yield* server.stop
          expect(
            server.of("Closed").map(({ id, reason }) => [id, reason]).toSorted(([a], [b]) => Number(a) - Number(b))
          ).toEqual([
            [1, "Drained"],
            [2, "InvalidText"]
          ])
        }))
  )
})

describe("The conversation, measured from inside the server's process", () => {
  it.scoped("7. 100 MiB without a newline: memory held for that peer stays under the limit plus one chunk.", () =>
    Effect.gen(function*() {
      const limit = MiB
      const server = yield* ServerProcess.start({ model: "threaded", protocol: "lines", maxFrame: limit })
      const peers = yield* crowd(server.port, 20)
      const before = yield* server.until({ open: 20 })
      // All but the last byte that is allowed.
      yield* Effect.forEach(peers, (peer) => write(peer, Buffer.alloc(limit, "x")), { concurrency: "unbounded" })
      const after = yield* server.atRest
      expect(after.taken).toBe(20 * limit)
      expect((after.held - before.held) / 20).toBeLessThanOrEqual(limit + 64 * KiB)

      const [peer, ...others] = peers
      const explained = line(peer!)
      yield* Effect.repeatN(write(peer!, Buffer.alloc(limit, "x")), 99)
      expect(yield* explained).toBe(`a message may have ${limit} bytes at the most\n`)
      peer!.end()
      const end = yield* server.until({ event: "Closed FrameTooLong", times: 1 })
      expect(end.held).toBeLessThan(after.held)
      expect(end.peak - after.peak).toBeLessThan(50 * MiB)

      // Whose line is whole costs no more than before.
      const replies = yield* Effect.forEach(others, (other) => ask(other, ""), { concurrency: "unbounded" })
      expect(replies.every((reply) => reply.length === limit + 1)).toBe(true)
      expect(((yield* server.facts).held - before.held) / others.length).toBeLessThan(64 * KiB)
    }))
})
