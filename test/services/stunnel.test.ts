/** stunnel speaks TLS for who does not (Debian's package `stunnel4`). */
import { describe, expect, it } from "@effect/vitest"
import {
  Model,
  NodeConnector,
  NodeSocketServer,
  NodeTlsConnector,
  NodeTlsSocketServer,
  SocketServer
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import { serve } from "../behaviours/support/stages.js"
import { folder, freePort, isMissing, ready } from "./support/programs.js"
import { whoami } from "./support/whoami.js"

/** Runs stunnel until the scope closes. */
const stunnel = (services: string, folder: string) =>
  Effect.suspend(() => {
    const path = join(folder, "stunnel.conf")
    writeFileSync(path, `foreground = yes\nsyslog = no\ndebug = info\npid =\n${services}`)
    return ready("stunnel", [path], /Configuration successful/)
  })

/** What the server says to a client that asks and has then finished. */
const asked = (port: number) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect({ host: "localhost", port })
    yield* peer.write("who?\n")
    yield* peer.end
    return (yield* peer.readToEnd).toString()
  })

const serving = (socketServer: typeof SocketServer.SocketServer.Service) =>
  Effect.provideService(serve(whoami, { model: Model.threaded }), SocketServer.SocketServer, socketServer)

describe.skipIf(isMissing("stunnel", "stunnel4"))("stunnel, where it is installed", () => {
  it.scopedLive("ends TLS for a server without, and is the client of one with", () =>
    Effect.gen(function*() {
      const path = yield* folder
      const plain = yield* Effect.flatMap(NodeSocketServer.make({ proxies: { from: ["127.0.0.1"] } }), serving)
      const encrypted = yield* Effect.flatMap(
        NodeTlsSocketServer.make({
          identity: certificates.server,
          clients: { certificate: "require", authorities: certificates.authority }
        }),
        serving
      )
      const [before, beside] = yield* Effect.all([freePort, freePort])
      yield* stunnel(
        `[before]
accept = 127.0.0.1:${before}
connect = 127.0.0.1:${plain.address.port}
cert = ${certificates.server.certificate}
protocol = proxy
[beside]
client = yes
accept = 127.0.0.1:${beside}
connect = 127.0.0.1:${encrypted.address.port}
cert = ${certificates.alice.certificate}
CAfile = ${certificates.authority}
verifyChain = yes
checkHost = localhost
`,
        path
      )
      const bySwitchboard = Effect.provide(asked(before), NodeTlsConnector.layer({ ca: certificates.authority }))
      expect(yield* bySwitchboard).toMatch(/^127\.0\.0\.1 by 127\.0\.0\.1:\d+\n$/)
      expect(yield* asked(beside)).toBe("127.0.0.1 by undefined\n")
      expect(encrypted.of("Accepted").map(({ tls }) => tls?.certificate?.commonName)).toEqual(["alice"])
    }).pipe(Effect.provide(NodeConnector.layer)))
})
