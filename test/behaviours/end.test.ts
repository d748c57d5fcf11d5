import { describe, expect, it } from "@effect/vitest"
import type { Server } from "effect-switchboard"
import { Address, Client, Echo, Framing, Protocol, TextClient } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import * as Switchboard from "../cli/Switchboard.js"
import { dial } from "./support/crowd.js"
import { establishedAt } from "./support/kernel.js"
import { each, everywhere, many, serve, tcp, tls, virtual } from "./support/stages.js"

const echo = Protocol.withFraming(Echo.protocol, Framing.line)
const text = { ...TextClient.protocol, framing: Framing.line }

/** Takes its time, for "never" all there is, and for what is quick none. */
const slowly = Protocol.requestReply({
  name: "slowly",
  framing: Framing.line,
  reply: (message: string) =>
    message === "never"
      ? Effect.never
      : message.startsWith("quick")
      ? Effect.succeed(message)
      : Effect.as(Effect.sleep(50), message)
})

const stopIn = (server: Server.Server) =>
  Effect.gen(function*() {
    const start = yield* Clock.currentTimeMillis
    const report = yield* server.stop
    return { ...report, time: (yield* Clock.currentTimeMillis) - start }
  })

/** Does nothing else until the kernel has bytes for so many connections, which the process has not read. */
const whenReceived = (port: number, connections: number): void => {
  for (let looks = 0; looks < 10_000; looks++) {
    if (establishedAt(port).filter(({ unread }) => unread > 0).length === connections) return
  }
  expect.fail("the kernel has not received what was sent")
}

describe.each([...everywhere, tls])("The end, on %s", (stage) => {
  stage.it(
    "25. Stop: new clients are refused, every request already received is answered, then FIN, then the program ends.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model, drainTimeout: "1 minute" })
          const requests = Array.from({ length: 5 }, (_, i) => `request ${i}\n`).join("")
          const peers = yield* Effect.forEach(Array.from({ length: 8 }), () => Peer.connect(server.address))
          for (const peer of peers) yield* peer.write(requests)
          // That it has the first reply to the last client means that it has received all requests.
          expect(yield* peers.at(-1)!.readLine).toBe("request 0")
          const stopping = yield* Effect.fork(server.stop)
          yield* server.until("Draining", 1)
          yield* Effect.yieldNow()
          const refusal = yield* Effect.flip(Client.ask(text, "too late", server.address))
          expect(refusal).toMatchObject({ _tag: "ConnectionRefused" })
          const replies = yield* Effect.forEach(
            peers,
            (peer) => Effect.zipLeft(peer.readToEnd, peer.close),
            { concurrency: "unbounded" }
          )
          expect(replies.slice(0, -1).map(String)).toEqual(replies.slice(0, -1).map(() => requests))
          expect(replies.at(-1)!.toString()).toBe(requests.replace("request 0\n", ""))
          expect(yield* stopping).toEqual({ accepted: 8, cut: 0 })
          expect(yield* server.ended).toEqual({ accepted: 8, cut: 0 })
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(Array.from(peers, () => "Drained"))
          expect(server.events.at(-1)).toEqual({
            _tag: "Stopped",
            server: Address.format(server.address),
            accepted: 8,
            cut: 0
          })
        }))
  )

  stage.it(
    "25. Stop: a request that was sent just before is answered, also by a server that has just met its client.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model })
          const peers = yield* Effect.forEach(Array.from({ length: 8 }), () => Peer.connect(server.address))
          yield* server.until("Accepted", 8)
          for (const peer of peers) yield* peer.write("hello\n")
          if (stage === tcp || stage === tls) whenReceived(server.address.port!, peers.length)
          const stopping = yield* Effect.fork(server.stop)
          for (const peer of peers) {
            expect((yield* peer.readToEnd).toString()).toBe("hello\n")
            yield* peer.close
          }
          expect(yield* stopping).toEqual({ accepted: 8, cut: 0 })
        }))
  )

  stage.it(
    "25. Stop: requests that had to wait unread are answered, too.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model, drainTimeout: "1 minute" })
          const peer = yield* Peer.connect(server.address)
          yield* peer.write("first\n")
          const quick = `${"quick".repeat(10)}\n`.repeat(2000)
          yield* peer.write(quick)
          expect(yield* peer.readLine).toBe("first")
          const stopping = yield* Effect.fork(server.stop)
          expect((yield* peer.readToEnd).toString().length).toBe(quick.length)
          yield* peer.close
          expect(yield* stopping).toEqual({ accepted: 1, cut: 0 })
        }))
  )

  stage.it(
    "27. A client that never spoke does not hold up the drain.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model, drainTimeout: "1 hour" })
          const peers = yield* Effect.forEach(Array.from({ length: 8 }), () => Peer.connect(server.address))
          yield* server.until("Accepted", 8)
          const { cut, time } = yield* stopIn(server)
          expect(cut).toBe(0)
          if (stage === virtual) expect(time).toBe(0)
          for (const peer of peers) expect((yield* peer.readToEnd).length).toBe(0)
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(peers.map(() => "Drained"))
        }))
  )
})

describe.each([...everywhere, tls])("A cut, on %s", (stage) => {
  stage.it(
    "26. Who is cut at the deadline is told that the connection was closed: refused is only who was never served.",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const asked = yield* Deferred.make<void>()
          const stuck = Protocol.requestReply({
            name: "stuck",
            framing: Framing.line,
            reply: () => Effect.zipRight(Deferred.succeed(asked, undefined), Effect.never)
          })
          const server = yield* serve(stuck, { model, drainTimeout: "10 millis" })
          const asking = yield* Effect.fork(Effect.flip(Client.ask(text, "hello", server.address)))
          yield* Deferred.await(asked)
          expect(yield* server.stop).toEqual({ accepted: 1, cut: 1 })
          expect(yield* Fiber.join(asking)).toMatchObject({ _tag: "ConnectionClosed" })
        }))
  )
})

describe("The end, on TCP", () => {
  tcp.it(
    "25. Stop: who was connected by the kernel, and not yet met by the process, is answered, too.",
    () =>
      each(tcp, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(echo, { model })
          const count = 50
          const askers = new Worker(new URL("../fixtures/askers.mjs", import.meta.url), {
            workerData: { port: server.address.port, count }
          })
          const told = once(askers, "message")
          // Until the stop begins, the server's thread accepts nobody.
          whenReceived(server.address.port!, count)
          expect(yield* server.connections).toBe(0)
          expect(yield* server.stop).toEqual({ accepted: count, cut: 0 })
          const [replies] = yield* Effect.promise(() => told)
          expect(replies).toEqual(Array.from({ length: count }, () => "hello\n"))
        }))
  )
})

describe("The end, on the virtual network", () => {
  virtual.it(
    "25. Stop: within the deadline and a second, whatever the clients do (V).",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model, drainTimeout: "10 seconds" })
          const connect = Peer.connect(server.address)
          const flood = Buffer.alloc(60_000, "flood\n")
          const deaf = yield* connect
          yield* deaf.pause
          yield* Effect.fork(Effect.forever(deaf.write(flood)))
          const dribbler = yield* connect
          yield* Effect.fork(Effect.forever(Effect.zipRight(dribbler.write("x"), Effect.sleep(10))))
          const halfClosed = yield* connect
          yield* halfClosed.write("last words\n")
          yield* halfClosed.end
          const patient = yield* connect
          yield* patient.write("never\n")
          yield* connect
          yield* Effect.sleep(1000)
          const { cut, time } = yield* stopIn(server)
          expect(cut).toBeGreaterThan(0)
          expect(time).toBeGreaterThanOrEqual(10_000)
          expect(time).toBeLessThanOrEqual(11_000)
        }))
  )

  virtual.it(
    "26. The drain deadline cuts what is left, at the deadline, and reports how many (V).",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(slowly, { model, drainTimeout: "10 seconds" })
          const stuck = yield* Effect.forEach([1, 2, 3], () => Peer.connect(server.address))
          for (const peer of stuck) yield* peer.write("never\n")
          yield* Effect.sleep(5000)
          const start = yield* Clock.currentTimeMillis
          const stopping = yield* Effect.fork(server.stop)
          for (const peer of stuck) {
            expect(yield* Effect.flip(peer.closed)).toMatchObject({ _tag: "ConnectionReset" })
            expect(yield* Clock.currentTimeMillis).toBe(start + 10_000)
          }
          expect(yield* stopping).toEqual({ accepted: 3, cut: 3 })
          expect(server.events.at(-1)).toEqual({
            _tag: "Stopped",
            server: Address.format(server.address),
            accepted: 3,
            cut: 3
          })
          expect(server.of("Closed").map(({ reason }) => reason)).toEqual(["Cut", "Cut", "Cut"])
        }))
  )
})

describe("The end, of the command", () => {
  it.scopedLive("28. A second signal during the drain ends the process at once.", () =>
    Effect.gen(function*() {
      const protocol = fileURLToPath(new URL("../fixtures/protocols/never.mjs", import.meta.url))
      const server = yield* Switchboard.serve(["threaded", protocol, "--drain-timeout", "1 hour"])
      const client = yield* dial(server.port)
      client.write("a request that is never answered\n")
      yield* server.stderr.find(/asked/)
      server.child.kill("SIGTERM")
      yield* server.stderr.find(/drain/i)
      expect(server.child.exitCode).toBeNull()
      server.child.kill("SIGTERM")
      expect(yield* server.exit).toEqual({ code: 143, signal: null })
    }))
})
