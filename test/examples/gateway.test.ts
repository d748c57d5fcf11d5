import { describe, expect, it } from "@effect/vitest"
import { Framing, Protocol, Server, SocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { build } from "esbuild"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { pipeline, Readable } from "node:stream"
import { gateway } from "../../examples/gateway/gateway.js"
import { each, Host, many, serve, tcp, virtual } from "../behaviours/support/stages.js"
import type { Stage } from "../behaviours/support/stages.js"
import { has, run } from "./support/programs.js"

/** A server, and a gateway to it. */
const before = <In, Out, E>(behind: Protocol.Protocol<In, Out, E>, options: Server.Options) =>
  Effect.gen(function*() {
    const host = yield* Host
    const socket = yield* host.listen(0)
    const target = yield* Effect.provideService(Server.make(behind, options), SocketServer.SocketServer, socket)
    return yield* serve(gateway(target.address), options)
  })

const mebibyte = Buffer.alloc(1024 * 1024, "0123456789abcdef")

/** An HTTP server that answers each request with so many MiB. */
const web = (size: number) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createServer((request, response) => {
        request.resume()
        pipeline(Readable.from(Array.from({ length: size }, () => mebibyte)), response, () => {})
      })
      server.listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) => Effect.sync(() => server.close())
  )

const addressOf = (server: { readonly address: () => unknown }) => ({
  host: "127.0.0.1",
  port: (server.address() as AddressInfo).port
})

describe.each<Stage>([virtual, tcp])("gateway, on %s", (stage) => {
  stage.it(
    "a client that has finished is still sent what the server says",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const counting = Protocol.make({
            name: "counting",
            framing: Framing.bytes,
            open: () => Effect.succeed({ state: 0 }),
            receive: (sum: number, bytes) => Effect.succeed({ state: sum + bytes.length }),
            ended: (sum) => Effect.succeed({ state: sum, send: [Buffer.from(`${sum} bytes`)], close: true })
          })
          const server = yield* before(counting, { model })
          const peer = yield* Peer.connect(server.address)
          for (let i = 0; i < 3; i++) yield* peer.write(Buffer.alloc(100_000))
          yield* peer.end
          expect((yield* peer.readToEnd).toString()).toBe("300000 bytes")
        }))
  )

  stage.it(
    "a server that has finished still hears what the client says",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          let heard = ""
          const all = yield* Deferred.make<string>()
          const taking = Protocol.make({
            name: "taking",
            framing: Framing.bytes,
            open: () => Effect.succeed({ state: undefined, send: [Buffer.from("go on")], finish: true }),
            receive: (_: undefined, bytes) =>
              Effect.sync(() => {
                heard += Buffer.from(bytes).toString()
                return { state: undefined }
              }),
            ended: () => Effect.as(Deferred.succeed(all, heard), { state: undefined, close: true })
          })
          const server = yield* before(taking, { model })
          const peer = yield* Peer.connect(server.address)
          expect((yield* peer.readToEnd).toString()).toBe("go on")
          yield* peer.write("as you ")
          yield* peer.write("wish")
          yield* peer.end
          expect(yield* Deferred.await(all)).toBe("as you wish")
          yield* server.until("Closed", 1)
          expect(server.of("Closed")[0]!.reason).toBe("ServerClosed")
        }))
  )

  stage.it(
    "a server that cannot be reached ends the connection, and says so",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const host = yield* Host
          const { address, close } = yield* host.listen(0)
          yield* close
          const server = yield* serve(gateway(address), { model })
          const peer = yield* Peer.connect(server.address)
          expect((yield* peer.readToEnd).toString()).toBe("")
          yield* server.until("Failed", 1)
          expect(String(server.of("Failed")[0]!.cause)).toContain("ConnectionRefused")
        }))
  )
})

describe("gateway, under pressure", () => {
  virtual.it(
    "while its client does not read, it reads no more of the server's than a few reads",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          let made = 0
          const endless = Protocol.make({
            name: "endless",
            framing: Framing.bytes,
            open: () =>
              Effect.succeed({
                state: undefined,
                send: Stream.repeatEffectChunk(Effect.sync(() => {
                  made++
                  return Chunk.of(Buffer.alloc(1024))
                }))
              }),
            receive: () => Effect.succeed({ state: undefined })
          })
          const server = yield* before(endless, { model, writeTimeout: "60 seconds" })
          const peer = yield* Peer.connect(server.address)
          yield* peer.pause
          yield* Effect.sleep("5 seconds")
          const sent = made
          yield* Effect.sleep("5 seconds")
          expect(made).toBe(sent)
          // KiB: two windows of the network, and what stands between them.
          expect(sent).toBeLessThan(1024)
          yield* peer.resume
          yield* peer.readExactly(2 * 1024 * 1024)
          expect(made).toBeGreaterThan(2 * 1024)
        }))
  )

  it.scopedLive.skipIf(!has("curl"))("curl gets the same through it", () =>
    Effect.gen(function*() {
      const address = addressOf(yield* web(2))
      yield* each(tcp, many, (model) =>
        Effect.gen(function*() {
          const server = yield* serve(gateway(address), { model })
          const got = yield* run("curl", ["-sS", `http://127.0.0.1:${server.address.port}/`])
          expect(got === Buffer.concat([mebibyte, mebibyte]).toString()).toBe(true)
        }))
    }))

  it.scopedLive.skipIf(!has("curl") || !existsSync("/proc/self/status"))(
    "200 MiB go through it in less than 150 MiB of memory",
    () =>
      Effect.gen(function*() {
        const { port } = addressOf(yield* web(200))
        const folder = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(`${tmpdir()}/gateway-`)),
          (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
        )
        const outfile = `${folder}/gateway.cjs`
        yield* Effect.promise(() =>
          build({
            entryPoints: ["examples/gateway/main.ts"],
            outfile,
            bundle: true,
            alias: { "effect-switchboard": "./src/index.ts" },
            format: "cjs",
            platform: "node",
            target: "node20",
            logLevel: "error"
          })
        )
        const child = yield* Effect.acquireRelease(
          Effect.sync(() => spawn(process.execPath, [outfile, "127.0.0.1", String(port)])),
          (child) => Effect.sync(() => child.kill())
        )
        const [said] = yield* Effect.promise(() => once(child.stdout.setEncoding("utf8"), "data"))
        const address = /^Ready at (.*)\n$/.exec(said as string)![1]!
        const size = yield* run("curl", ["-sS", "-o", "/dev/null", "-w", "%{size_download}", `http://${address}/`])
        expect(Number(size)).toBe(200 * 1024 * 1024)
        const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]
        expect(Number(peak) / 1024).toBeLessThan(150)
      })
  )
})
