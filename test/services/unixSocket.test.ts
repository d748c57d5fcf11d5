import { expect, it } from "@effect/vitest"
import {
  Client,
  Echo,
  Model,
  NodeConnector,
  NodeSocketServer,
  Server,
  SocketServer,
  TextClient
} from "effect-switchboard"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Listens, and echoes to whoever connects. */
const echoing = (options: NodeSocketServer.Options) =>
  Effect.flatMap(
    NodeSocketServer.make(options),
    (socketServer) =>
      Server.make(Echo.protocol, { model: Model.threaded }).pipe(
        Effect.provideService(SocketServer.SocketServer, socketServer)
      )
  )

const echoed = (path: string) => Effect.provide(Client.ask(TextClient.protocol, "hello", { path }), NodeConnector.layer)

const deadServer = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`

it.scopedLive("a socket's file is there while the server listens, with the permissions that were asked for", () =>
  Effect.gen(function*() {
    const path = join(yield* folder, "echo.sock")
    yield* Effect.scoped(Effect.gen(function*() {
      const { address } = yield* echoing({ path, mode: 0o620 })
      expect(address).toEqual({ path })
      expect(lstatSync(path).mode & 0o777).toBe(0o620)
      expect(yield* echoed(path)).toBe("hello")
    }))
    expect(existsSync(path)).toBe(false)
  }))

it.scopedLive.skipIf(process.getuid?.() !== 0)(
  "a socket's file belongs to whom it is given",
  () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "echo.sock")
      yield* echoing({ path, mode: 0o660, owner: { uid: 12, gid: 34 } })
      const { gid, mode, uid } = lstatSync(path)
      expect({ gid, mode: mode & 0o777, uid }).toEqual({ gid: 34, mode: 0o660, uid: 12 })
      const other = `${path}.2`
      yield* echoing({ path: other, owner: { gid: 34 } })
      expect(lstatSync(other)).toMatchObject({ uid: process.getuid!(), gid: 34 })
    })
)

it.scopedLive("the file that a dead server has left is replaced, and no other", () =>
  Effect.gen(function*() {
    const path = join(yield* folder, "echo.sock")
    spawnSync(process.execPath, ["-e", deadServer, path])
    expect(lstatSync(path).isSocket()).toBe(true)
    yield* echoing({ path })
    expect(yield* echoed(path)).toBe("hello")
    const inUse = yield* Effect.flip(Effect.scoped(NodeSocketServer.make({ path })))
    expect(inUse).toMatchObject({ _tag: "PortInUse", address: { path } })
    expect(inUse.message).toBe(`unix:${path} is already in use: stop the other program, or choose another path.`)
    expect(yield* echoed(path)).toBe("hello")
    const file = `${path}.txt`
    writeFileSync(file, "precious")
    expect(yield* Effect.flip(NodeSocketServer.make({ path: file }))).toMatchObject({ _tag: "PortInUse" })
    expect(lstatSync(file).size).toBe(8)
  }))

it.scopedLive("a path that cannot be is told as what is wrong with it", () =>
  Effect.gen(function*() {
    const path = yield* folder
    const missing = yield* Effect.flip(NodeSocketServer.make({ path: join(path, "no", "echo.sock") }))
    expect(missing.message).toMatch(/cannot be made: there is no such folder/)
    const long = yield* Effect.flip(NodeSocketServer.make({ path: join(path, "x".repeat(108)) }))
    expect(long.message).toMatch(/a path has at most 107 bytes/)
    const nobody = yield* Effect.flip(echoed(join(path, "nobody.sock")))
    expect(nobody.message).toMatch(/^Nothing listens on unix:.*: start the server, or check the path\.$/)
  }))

it.scopedLive("an abstract name of Linux needs no file", () =>
  Effect.gen(function*() {
    if (process.platform !== "linux") return
    const path = `\0switchboard-test-${process.pid}`
    yield* echoing({ path })
    expect(yield* echoed(path)).toBe("hello")
  }))

it.scopedLive("one server listens at several places", () =>
  Effect.gen(function*() {
    const path = join(yield* folder, "echo.sock")
    const places = Effect.all([NodeSocketServer.make({ path }), NodeSocketServer.make()])
    const merged = yield* Effect.flatMap(places, SocketServer.merge)
    expect([merged.address, ...merged.others ?? []]).toEqual([{ path }, {
      host: "127.0.0.1",
      port: expect.any(Number)
    }])
    yield* Server.make(Echo.protocol, { model: Model.select }).pipe(
      Effect.provideService(SocketServer.SocketServer, merged)
    )
    for (const place of [merged.address, ...merged.others ?? []]) {
      expect(yield* Client.ask(TextClient.protocol, "hello", place)).toBe("hello")
    }
    const server = yield* merged.close
    expect(server).toBeUndefined()
    for (const place of [merged.address, ...merged.others ?? []]) {
      expect(yield* Effect.flip(Client.ask(TextClient.protocol, "hello", place))).toMatchObject({
        _tag: "ConnectionRefused"
      })
    }
  }).pipe(Effect.provide(NodeConnector.layer)))
