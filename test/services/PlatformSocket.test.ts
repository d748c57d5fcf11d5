import type * as Socket from "@effect/platform/Socket"
import { describe, expect } from "@effect/vitest"
import type { Connector } from "effect-switchboard"
import { SocketServer } from "effect-switchboard"
import { PlatformSocket } from "effect-switchboard/platform"
import { Peer } from "effect-switchboard/testing"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Stage } from "../behaviours/support/stages.js"
import { everywhere, Host, tcp, virtual } from "../behaviours/support/stages.js"

/** A socket to the stage's server, and the server's side of each of its connections. */
const pair = Effect.gen(function*() {
  const { accept, address } = yield* SocketServer.SocketServer
  return { socket: yield* PlatformSocket.make(address), accept: Effect.flatMap(accept, Peer.make) }
})

type Needs = Scope.Scope | SocketServer.SocketServer | Connector.Connector | Host

/** Runs a socket and keeps what comes. */
const keeping = (socket: Socket.Socket) => {
  const heard: Array<string> = []
  const run = socket.run((chunk) => void heard.push(Buffer.from(chunk).toString()))
  return { heard, run }
}

const each = (stage: Stage) => <E>(name: string, test: () => Effect.Effect<unknown, E, Needs>) =>
  stage.it(name, () => Effect.asVoid(Effect.provide(test(), stage.network)))

describe.each<Stage>([...everywhere])("@effect/platform's Socket, on %s", (stage) => {
  const promise = each(stage)

  promise(
    "What is written arrives in order, and a run ends when the server has finished and all of it is handled",
    () =>
      Effect.gen(function*() {
        const { accept, socket } = yield* pair
        const { heard, run } = keeping(socket)
        const running = yield* Effect.fork(run)
        const server = yield* accept
        const write = yield* socket.writer
        yield* write("hello, ")
        yield* write(Buffer.from("wörld\n"))
        expect((yield* server.readExactly(14)).toString()).toBe("hello, wörld\n")
        yield* server.write("a\n")
        yield* server.write("b\n")
        yield* server.end
        yield* Fiber.join(running)
        expect(heard.join("")).toBe("a\nb\n")
      })
  )

  promise("Each run is a connection of its own, and a writer waits for one", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const write = yield* socket.writer
      const writing = yield* Effect.fork(write("early\n"))
      for (const word of ["early\n", "late\n"]) {
        const running = yield* Effect.fork(keeping(socket).run)
        const server = yield* accept
        if (word === "late\n") yield* write(word)
        expect((yield* server.readExactly(word.length)).toString()).toBe(word)
        yield* server.end
        yield* Fiber.join(running)
      }
      yield* Fiber.join(writing)
    }))

  promise("onOpen comes once connected, before anything is handled", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const order: Array<string> = []
      const running = yield* Effect.fork(
        socket.run(() => void order.push("chunk"), {
          onOpen: Effect.sync(() => void order.push("open"))
        })
      )
      const server = yield* accept
      yield* server.write("x")
      yield* server.end
      yield* Fiber.join(running)
      expect(order).toEqual(["open", "chunk"])
    }))
})

describe.each<Stage>([virtual, tcp])("@effect/platform's Socket, on %s", (stage) => {
  const promise = each(stage)

  promise(
    "A writer whose scope closes finishes, and what the server answers then is handled",
    () =>
      Effect.gen(function*() {
        const { accept, socket } = yield* pair
        const { heard, run } = keeping(socket)
        const running = yield* Effect.fork(run)
        const server = yield* accept
        const scope = yield* Scope.make()
        const write = yield* Scope.extend(socket.writer, scope)
        yield* write("question")
        yield* Scope.close(scope, Exit.void)
        expect((yield* server.readToEnd).toString()).toBe("question")
        yield* server.write("answer")
        yield* server.end
        yield* Fiber.join(running)
        expect(heard.join("")).toBe("answer")
      })
  )

  promise("The server is not read while the handler is at work", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const go = yield* Deferred.make<void>()
      let taken = 0
      const running = yield* Effect.fork(socket.run((chunk) => {
        taken += chunk.length
        return Deferred.await(go)
      }))
      const server = yield* accept
      const { poll } = yield* SocketServer.SocketServer
      yield* Effect.forkScoped(
        Effect.zipRight(Effect.repeatN(server.write(Buffer.alloc(1024 * 1024)), 127), server.end)
      )
      let sent = -1
      for (let still = 0; still < 200;) {
        yield* poll
        still = server.connection.unsent() > 0 && server.connection.sent() === sent ? still + 1 : 0
        sent = server.connection.sent()
      }
      // What the kernels hold for both sides, and 32 KiB.
      expect(sent).toBeLessThan(32 * 1024 * 1024)
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(running)
      expect(taken).toBe(128 * 1024 * 1024)
    }))

  promise("What was written before a run is interrupted is sent", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const running = yield* Effect.fork(keeping(socket).run)
      const server = yield* accept
      const write = yield* socket.writer
      const much = "x".repeat(5_000_000)
      const writing = yield* Effect.fork(write(much))
      yield* server.readExactly(1)
      yield* Fiber.interrupt(running)
      expect((yield* server.readToEnd).length).toBe(much.length - 1)
      yield* Fiber.await(writing)
    }))

  promise("Where nobody listens, or the connection is cut, a run fails and says why", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const isOpen = yield* Deferred.make<void>()
      const running = yield* Effect.fork(
        socket.run(() => {}, { onOpen: Effect.asVoid(Deferred.succeed(isOpen, undefined)) })
      )
      const server = yield* accept
      yield* Deferred.await(isOpen)
      yield* server.reset
      expect(yield* Effect.flip(Fiber.join(running)))
        .toMatchObject({ _tag: "SocketError", reason: "Read", cause: { _tag: "ConnectionReset" } })
      const { listen } = yield* Host
      const { address, close } = yield* listen(0)
      yield* close
      const nobody = yield* PlatformSocket.make(address)
      expect(yield* Effect.flip(nobody.run(() => {})))
        .toMatchObject({ _tag: "SocketError", reason: "Open", cause: { _tag: "ConnectionRefused" } })
    }))

  promise("A handler that fails ends the run with its error", () =>
    Effect.gen(function*() {
      const { accept, socket } = yield* pair
      const running = yield* Effect.fork(socket.run(() => Effect.fail("as asked")))
      const server = yield* accept
      yield* server.write("x")
      expect(yield* Effect.flip(Fiber.join(running))).toBe("as asked")
      expect((yield* server.readToEnd).toString()).toBe("")
    }))
})
