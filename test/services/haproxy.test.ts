import { expect, it } from "@effect/vitest"
import { Address, Model, NodeConnector, NodeSocketServer, SocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { serve } from "../behaviours/support/stages.js"
import { folder, freePort, isMissing, ready } from "./support/programs.js"
import { whoami } from "./support/whoami.js"

const configured = (frontends: ReadonlyArray<readonly [port: number, server: string]>): string =>
  [
    "defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 10s\n  timeout server 10s",
    ...frontends.map(([port, server], index) => `listen p${index}\n  bind 127.0.0.1:${port}\n  server s ${server}`)
  ].join("\n") + "\n"

/** Runs HAProxy until the scope closes; as a master it says when its worker is ready. */
const haproxy = (configuration: string, path: string) =>
  Effect.suspend(() => {
    writeFileSync(path, configuration)
    return ready("haproxy", ["-W", "-f", path], /Loading success/)
  })

it.scopedLive.skipIf(isMissing("haproxy", "haproxy"))(
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
