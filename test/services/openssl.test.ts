/** The `openssl` program is the other side (Debian's package `openssl`). */
import { describe, expect, it } from "@effect/vitest"
import {
  Echo,
  Framing,
  Model,
  NodeTlsConnector,
  NodeTlsSocketServer,
  Protocol,
  Server,
  SocketServer
} from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { spawn, spawnSync } from "node:child_process"
import { text } from "node:stream/consumers"
import * as certificates from "../behaviours/support/certificates.js"

const isMissing = spawnSync("openssl", ["version"]).status !== 0

const openssl = (args: ReadonlyArray<string>): Effect.Effect<ChildProcessWithoutNullStreams, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => spawn("openssl", [...args])),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

describe.skipIf(isMissing)("openssl, where it is installed", () => {
  it.scopedLive.each(["-tls1_2", "-tls1_3"])(
    "s_client is answered, and then hears the end: %s",
    (version) =>
      Effect.gen(function*() {
        const server = yield* NodeTlsSocketServer.make({
          identity: certificates.server,
          clients: { certificate: "require", authorities: certificates.authority },
          protocols: ["echo"]
        })
        const { ended } = yield* Effect.provideService(
          Server.make(Protocol.withFraming(Echo.protocol, Framing.line), { model: Model.once }),
          SocketServer.SocketServer,
          server
        )
        const client = yield* openssl([
          "s_client",
          "-connect",
          `127.0.0.1:${server.address.port}`,
          version,
          "-ign_eof",
          "-alpn",
          "echo",
          "-CAfile",
          certificates.authority,
          "-verify_return_error",
          "-verify_hostname",
          "localhost",
          "-cert",
          certificates.alice.certificate,
          "-key",
          certificates.alice.key
        ])
        client.stdin.end("hello, wörld\n")
        const said = yield* Effect.promise(() => text(client.stdout))
        expect(said).toContain("hello, wörld\n")
        expect(said).toContain("ALPN protocol: echo")
        expect(said).toContain("Verify return code: 0 (ok)")
        // It has come by a close_notify, and not by a FIN alone.
        expect(said).toMatch(/closed\n$/)
        expect(yield* ended).toEqual({ accepted: 1, cut: 0 })
      })
  )

  it.scopedLive.each(["-tls1_2", "-tls1_3"])(
    "s_server answers, and hears who asks: %s",
    (version) =>
      Effect.gen(function*() {
        const server = yield* openssl([
          "s_server",
          "-accept",
          "127.0.0.1:0",
          version,
          "-rev",
          "-naccept",
          "1",
          "-cert",
          certificates.server.certificate,
          "-key",
          certificates.server.key,
          "-CAfile",
          certificates.authority,
          "-Verify",
          "1",
          "-verify_return_error"
        ])
        const port = yield* Effect.async<number>((resume) => {
          let said = ""
          server.stdout.setEncoding("utf8").on("data", (chunk: string) => {
            said += chunk
            const [, port] = /^ACCEPT .*:(\d+)$/m.exec(said) ?? []
            if (port !== undefined) resume(Effect.succeed(Number(port)))
          })
        })
        const peer = yield* Effect.provide(
          Peer.connect({ host: "localhost", port }),
          NodeTlsConnector.layer({
            ca: certificates.authority,
            cert: certificates.alice.certificate,
            key: certificates.alice.key
          })
        )
        yield* peer.write("drawer\n")
        expect(yield* peer.readLine).toBe("reward")
        yield* peer.close
      })
  )
})
