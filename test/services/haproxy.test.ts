import { expect, it } from "@effect/vitest"
import { Address, Framing, Model, NodeConnector, NodeSocketServer, Protocol, SocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { serve } from "../behaviours/support/stages.js"

const isMissing = spawnSync("haproxy", ["-v"]).error !== undefined

/** Says who its client is, and by whom. */
const whoami = Protocol.make({
  name: "whoami",
  framing: Framing.line,
  open: ({ peer }) => Effect.succeed(Protocol.turn(peer)),
  receive: (peer: Address.Address) =>
    Effect.succeed(Protocol.turn(peer, { send: [`${peer.host} by ${peer.via && Address.format(peer.via)}`] }))
})

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** A port that is free for a program that cannot say which one it has taken. */
const freePort = Effect.async<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

const configured = (frontends: ReadonlyArray<readonly [port: number, server: string]>): string =>
  [
    "defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 10s\n  timeout server 10s",
    ...frontends.map(([port, server], index) => `listen p${index}\n  bind 127.0.0.1:${port}\n  server s ${server}`)
  ].join("\n") + "\n"

/** Runs HAProxy with the configuration until the scope closes; ready when it has read it and listens. */
const haproxy = (configuration: string, path: string) =>
  Effect.acquireRelease(
    Effect.async<ReturnType<typeof spawn>>((resume) => {
      writeFileSync(path, configuration)
      // As a master it says when its worker is ready.
      const child = spawn("haproxy", ["-W", "-f", path], { stdio: ["ignore", "ignore", "pipe"] })
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("Loading success")) resume(Effect.succeed(child))
      })
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

it.scopedLive.skipIf(isMissing)(
  "behind HAProxy, by both versions and over a unix socket, a client is known by its own address",
  () =>
    Effect.gen(function*() {
      const path = yield* folder
      const proxies = { from: ["127.0.0.1"] }
      const socketServer = yield* Effect.flatMap(
        Effect.all([
          NodeSocketServer.make({ proxies }),
          NodeSocketServer.make({ path: join(path, "who.sock"), proxies })
        ]),
        SocketServer.merge
      )
      const server = yield* Effect.provideService(
        serve(whoami, { model: Model.threaded }),
        SocketServer.SocketServer,
        socketServer
      )
      const place = Address.format(server.address)
      const servers = [
        [`${place} send-proxy`, /^127\.0\.0\.1 by 127\.0\.0\.1:\d+$/],
        [`${place} send-proxy-v2 proxy-v2-options crc32c`, /^127\.0\.0\.1 by 127\.0\.0\.1:\d+$/],
        [`unix@${join(path, "who.sock")} send-proxy-v2`, /^127\.0\.0\.1 by unix:$/]
      ] as const
      const ports = yield* Effect.forEach(servers, () => freePort)
      const frontends = servers.map(([words], index) => [ports[index]!, words] as const)
      yield* haproxy(configured(frontends), join(path, "haproxy.cfg"))
      for (const [index, [, reply]] of servers.entries()) {
        const peer = yield* Peer.connect({ host: "127.0.0.1", port: ports[index]! })
        yield* peer.write("who?\n")
        yield* peer.end
        expect((yield* peer.readToEnd).toString().trim()).toMatch(reply)
      }
    }).pipe(Effect.provide(NodeConnector.layer))
)
