import * as Socket from "@effect/platform/Socket"
import { describe, expect } from "@effect/vitest"
import { SocketServer } from "effect-switchboard"
import { PlatformSocketServer } from "effect-switchboard/platform"
import { Peer } from "effect-switchboard/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stage } from "../behaviours/support/stages.js"
import { everywhere, tcp, virtual } from "../behaviours/support/stages.js"

type Handle = (socket: Socket.Socket) => Effect.Effect<unknown, unknown>

/** A server, and what closes it. */
const serve = (handle: Handle, options: PlatformSocketServer.Options = {}) =>
  Effect.gen(function*() {
    const server = yield* PlatformSocketServer.make(options)
    const { address } = yield* SocketServer.SocketServer
    const running = yield* Effect.forkScoped(Effect.interruptible(server.run(handle)))
    return { server, address, stop: Fiber.interrupt(running) }
  })

/** Answers each chunk with `reply`. */
const answering = (reply: (chunk: Uint8Array) => Effect.Effect<string>): Handle => (socket) =>
  Effect.scoped(Effect.flatMap(socket.writer, (write) => socket.run((chunk) => Effect.flatMap(reply(chunk), write))))

const echo = answering((chunk) => Effect.succeed(Buffer.from(chunk).toString()))

/** Waits until no more of what a peer writes is taken, however often the network is looked at. */
const standstill = (peer: Peer.Peer) =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer.SocketServer
    let sent = -1
    for (let still = 0; still < 200;) {
      yield* poll
      still = peer.connection.unsent() > 0 && peer.connection.sent() === sent ? still + 1 : 0
      sent = peer.connection.sent()
    }
    return sent
  })

const each = (stage: Stage) => {
  const promise = <E>(
    name: string,
    test: () => Effect.Effect<
      unknown,
      E,
      Scope.Scope | SocketServer.SocketServer | Effect.Effect.Context<ReturnType<typeof Peer.connect>>
    >
  ) => stage.it(name, () => Effect.asVoid(Effect.provide(test(), stage.network)))
  return promise
}

describe.each<Stage>([...everywhere])("@effect/platform's SocketServer, on %s", (stage) => {
  const promise = each(stage)

  promise(
    "50. What a handler writes after its client has finished is sent: 100 of 100 replies that take 20 ms",
    () =>
      Effect.gen(function*() {
        const { address } = yield* serve(answering(() => Effect.as(Effect.sleep("20 millis"), "reply\n")))
        const ask = Effect.scoped(Effect.gen(function*() {
          const peer = yield* Peer.connect(address)
          yield* peer.write("question\n")
          yield* peer.end
          return (yield* peer.readToEnd).toString()
        }))
        const replies = yield* Effect.all(Array.from({ length: 100 }, () => ask), { concurrency: "unbounded" })
        expect(replies.filter((reply) => reply.trimEnd() === "reply").length).toBe(100)
      })
  )

  promise("50. What was received before the stop is answered: 20 of 20 handlers at work", () =>
    Effect.gen(function*() {
      let begun = 0
      const all = yield* Deferred.make<void>()
      const { address, stop } = yield* serve(answering(() =>
        Effect.suspend(() => {
          if (++begun === 20) Deferred.unsafeDone(all, Effect.void)
          return Effect.as(Effect.sleep("20 millis"), "reply\n")
        })
      ))
      const peers = yield* Effect.all(Array.from({ length: 20 }, () => Peer.connect(address)), { concurrency: 20 })
      for (const peer of peers) yield* peer.write("question\n")
      yield* Deferred.await(all)
      yield* stop
      const replies = yield* Effect.forEach(peers, (peer) => peer.readToEnd)
      expect(replies.filter((reply) => reply.toString().trimEnd() === "reply").length).toBe(20)
    }))

  promise("Chunks are handled in order, one at a time", () =>
    Effect.gen(function*() {
      let atWork = 0
      const { address } = yield* serve(answering((chunk) =>
        Effect.gen(function*() {
          expect(++atWork).toBe(1)
          yield* Effect.sleep(chunk.length % 3)
          atWork--
          return Buffer.from(chunk).toString()
        })
      ))
      const peer = yield* Peer.connect(address)
      let said = ""
      for (let i = 0; i < 40; i++) {
        const word = "x".repeat(i % 7) + `${i}\n`
        said += word
        yield* peer.write(word)
        yield* Effect.yieldNow()
      }
      expect((yield* peer.readExactly(said.length)).toString()).toBe(said)
    }))

  promise("A run whose connection is cut fails, with the reason as its cause", () =>
    Effect.gen(function*() {
      const outcome = yield* Deferred.make<Exit.Exit<void, unknown>>()
      const { address } = yield* serve((socket) =>
        Effect.flatMap(
          Effect.exit(Effect.scoped(Effect.flatMap(socket.writer, (write) => socket.run((chunk) => write(chunk))))),
          (exit) => Deferred.succeed(outcome, exit)
        )
      )
      const peer = yield* Peer.connect(address)
      yield* peer.write("hello\n")
      yield* peer.readLine
      yield* peer.reset
      const exit = yield* Deferred.await(outcome)
      if (stage.hasReset && !stage.toString().startsWith("WebSocket")) {
        expect(exit).toMatchObject({ cause: { error: { reason: "Read", cause: { _tag: "ConnectionReset" } } } })
      } else {
        // There is no reset here: it is an end like any other, or an abrupt one.
        expect(Exit.isExit(exit)).toBe(true)
      }
    }))
})

describe.each<Stage>([virtual, tcp])("@effect/platform's SocketServer, on %s", (stage) => {
  const promise = each(stage)

  promise(
    "50. A client is not read while its handler is at work: a flood of 256 MiB stays outside",
    () =>
      Effect.gen(function*() {
        const go = yield* Deferred.make<void>()
        const size = 256 * 1024 * 1024
        let taken = 0
        const done = yield* Deferred.make<void>()
        const { address } = yield* serve((socket) =>
          socket.run((chunk) => {
            taken += chunk.length
            if (taken === size) Deferred.unsafeDone(done, Effect.void)
            return Deferred.await(go)
          })
        )
        const peer = yield* Peer.connect(address)
        const mebibyte = Buffer.alloc(1024 * 1024)
        const flood = Effect.repeatN(peer.write(mebibyte), 255)
        yield* Effect.forkScoped(flood)
        const sent = yield* standstill(peer)
        // What the kernels hold for both sides, and 32 KiB.
        expect(sent).toBeLessThan(32 * 1024 * 1024)
        expect(taken).toBeLessThanOrEqual(65_536)
        yield* Deferred.succeed(go, undefined)
        yield* Deferred.await(done)
      })
  )

  promise("Who is not run is not read, and is closed when the handler ends", () =>
    Effect.gen(function*() {
      const { address } = yield* serve(() => Effect.void)
      const peer = yield* Peer.connect(address)
      expect((yield* peer.readToEnd).toString()).toBe("")
    }))

  promise("A handler may speak first, and write without reading", () =>
    Effect.gen(function*() {
      const { address } = yield* serve((socket) =>
        Effect.scoped(Effect.flatMap(socket.writer, (write) => write("x".repeat(3_000_000))))
      )
      const peer = yield* Peer.connect(address)
      expect((yield* peer.readToEnd).length).toBe(3_000_000)
    }))

  promise("A writer waits while its client does not read, and fails when that has gone", () =>
    Effect.gen(function*() {
      let written = 0
      const outcome = yield* Deferred.make<unknown>()
      const { address } = yield* serve((socket) =>
        Effect.scoped(Effect.gen(function*() {
          const write = yield* socket.writer
          const writing = Effect.forever(Effect.tap(write("x".repeat(65_536)), () => written++))
          yield* Effect.flatMap(Effect.flip(writing), (error) => Deferred.succeed(outcome, error))
        }))
      )
      const peer = yield* Peer.connect(address)
      yield* peer.pause
      const { poll } = yield* SocketServer.SocketServer
      let before = -1
      for (let still = 0; still < 200;) {
        yield* poll
        still = written === before ? still + 1 : 0
        before = written
      }
      expect(written * 65_536).toBeLessThan(32 * 1024 * 1024)
      yield* peer.reset
      expect(yield* Deferred.await(outcome)).toMatchObject({ _tag: "SocketError", reason: "Write" })
    }))

  promise(
    "A client that takes nothing for the write time-out is cut, also when its handler has ended",
    () =>
      Effect.gen(function*() {
        const outcome = yield* Deferred.make<unknown>()
        const { address } = yield* serve((socket) =>
          Effect.scoped(Effect.gen(function*() {
            const write = yield* socket.writer
            const much = write("x".repeat(30_000_000))
            yield* socket.run((chunk): Effect.Effect<void, unknown> => {
              if (chunk.length === 3) return write("fine\n")
              if (chunk.length === 2) return Effect.zipRight(Effect.timeoutOption(much, 1), Effect.fail("enough"))
              return Effect.asVoid(Effect.flatMap(Effect.flip(much), (error) => Deferred.succeed(outcome, error)))
            })
          })), { writeTimeout: "50 millis", maxConnections: 1 })
        const first = yield* Peer.connect(address)
        yield* first.pause
        yield* first.write("1")
        expect(yield* Deferred.await(outcome)).toMatchObject({ reason: "Write" })
        const second = yield* Peer.connect(address)
        yield* second.pause
        yield* second.write("22")
        const third = yield* Peer.connect(address)
        yield* third.write("333")
        expect(yield* third.readLine).toBe("fine")
      })
  )

  promise("As many are served at once as may be, and the next one waits its turn", () =>
    Effect.gen(function*() {
      const { address } = yield* serve(echo, { maxConnections: 1 })
      const first = yield* Peer.connect(address)
      const second = yield* Peer.connect(address)
      yield* second.write("second\n")
      yield* first.write("first\n")
      expect(yield* first.readLine).toBe("first")
      expect(yield* second.available).toBe(0)
      yield* first.end
      expect(yield* second.readLine).toBe("second")
    }))

  promise(
    "A handler that fails is logged, its connection is closed, and the next is served",
    () =>
      Effect.gen(function*() {
        const logged: Array<string> = []
        const logger = Logger.make(({ cause, message }) => void logged.push(String(message), String(cause)))
        const { address } = yield* serve((socket) =>
          socket.run((chunk) => Buffer.from(chunk).toString() === "fail" ? Effect.fail("as asked") : Effect.void)
        ).pipe(
          Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
          Effect.locally(FiberRef.unhandledErrorLogLevel, Option.some(LogLevel.Error))
        )
        const peer = yield* Peer.connect(address)
        yield* peer.write("fail")
        expect((yield* peer.readToEnd).toString()).toBe("")
        expect(logged.join()).toContain("as asked")
        const next = yield* Peer.connect(address)
        yield* next.write("fine")
        yield* next.end
        expect((yield* next.readToEnd).toString()).toBe("")
      })
  )

  promise(
    "The stop takes in who had connected, cuts who takes longer than its time, and listens no more",
    () =>
      Effect.gen(function*() {
        const { address, server, stop } = yield* serve(
          answering((chunk) => Effect.as(chunk.length > 1 ? Effect.never : Effect.void, "!\n")),
          { drainTimeout: "100 millis" }
        )
        const slow = yield* Peer.connect(address)
        yield* slow.write("slow")
        const quick = yield* Peer.connect(address)
        yield* quick.write("q")
        yield* stop
        expect((yield* quick.readToEnd).toString()).toBe("!\n")
        expect(yield* Effect.flip(slow.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(yield* Effect.flip(Peer.connect(address))).toMatchObject({ _tag: "ConnectionRefused" })
        expect(String((yield* Effect.flip(server.run(() => Effect.void))).cause)).toContain("make another")
      })
  )

  promise(
    "A close event ends the connection: 1000 behind what was written, others at once",
    () =>
      Effect.gen(function*() {
        const outcomes: Array<unknown> = []
        const { address } = yield* serve((socket) =>
          Effect.scoped(Effect.gen(function*() {
            const write = yield* socket.writer
            const running = socket.run((chunk) =>
              chunk.length === 1
                ? Effect.zipRight(write("bye\n"), write(new Socket.CloseEvent(1000)))
                : write(new Socket.CloseEvent(1009, "as asked"))
            )
            outcomes.push(yield* Effect.flip(running))
          }))
        )
        const first = yield* Peer.connect(address)
        yield* first.write("1")
        expect((yield* first.readToEnd).toString()).toBe("bye\n")
        const second = yield* Peer.connect(address)
        yield* second.write("22")
        expect(yield* Effect.flip(second.closed)).toMatchObject({ _tag: "ConnectionReset" })
        expect(outcomes).toMatchObject([{ reason: "Close", code: 1000 }, { reason: "Close", code: 1009 }])
      })
  )

  promise(
    "As a channel it gives all that came and sends all that it is given, also after its client has finished",
    () =>
      Effect.gen(function*() {
        const { address } = yield* serve((socket) =>
          Effect.scoped(Effect.gen(function*() {
            const write = yield* socket.writer
            const lines = Stream.never.pipe(
              Stream.pipeThroughChannel(Socket.toChannel<never>(socket)),
              Stream.decodeText(),
              Stream.splitLines
            )
            yield* Stream.runForEach(lines, (line) => Effect.zipRight(Effect.sleep("1 millis"), write(`${line}!\n`)))
          }))
        )
        const peer = yield* Peer.connect(address)
        yield* peer.write("one\ntwo\nth")
        yield* peer.write("ree\n")
        yield* peer.end
        expect((yield* peer.readToEnd).toString()).toBe("one!\ntwo!\nthree!\n")
      })
  )

  promise("It says where it listens", () =>
    Effect.gen(function*() {
      const { address, server } = yield* serve(echo)
      expect(server.address).toEqual({ _tag: "TcpAddress", hostname: address.host, port: address.port })
    }))
})
