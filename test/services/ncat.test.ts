/** Nmap's ncat is a client (Debian's package `ncat`). */
import { describe, expect, it } from "@effect/vitest"
import { Echo, Framing, Model, NodeTlsSocketServer, Protocol, SocketServer } from "effect-switchboard"
import * as Effect from "effect/Effect"
import { text } from "node:stream/consumers"
import * as certificates from "../behaviours/support/certificates.js"
import { serve } from "../behaviours/support/stages.js"
import { isMissing, run } from "./support/programs.js"

describe.skipIf(isMissing("ncat", "ncat"))("ncat --ssl, where it is installed", () => {
  it.scopedLive("is answered, believes the certificate, and hears the end", () =>
    Effect.gen(function*() {
      const socketServer = yield* NodeTlsSocketServer.make({ identity: certificates.server })
      const server = yield* Effect.provideService(
        serve(Protocol.withFraming(Echo.protocol, Framing.line), { model: Model.threaded }),
        SocketServer.SocketServer,
        socketServer
      )
      const client = yield* run("ncat", [
        "--ssl-verify",
        "--ssl-trustfile",
        certificates.authority,
        "localhost",
        String(server.address.port)
      ])
      client.stdin.end("hello, wörld\n")
      expect(yield* Effect.promise(() => text(client.stdout))).toBe("hello, wörld\n")
      yield* server.until("Closed", 1)
      expect(server.of("Closed")).toMatchObject([{ reason: "PeerClosed", requests: 1 }])
    }))
})
