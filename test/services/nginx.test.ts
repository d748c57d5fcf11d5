/** nginx is in front, by its module `stream` (Debian's packages `nginx` and `libnginx-mod-stream`). */
import { describe, expect, it } from "@effect/vitest"
import { Address, Model, NodeConnector, NodeSocketServer, NodeTlsConnector, SocketServer } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import { serve } from "../behaviours/support/stages.js"
import { folder, freePort, isMissing, ready } from "./support/programs.js"
import { whoami } from "./support/whoami.js"

const stream = "/usr/lib/nginx/modules/ngx_stream_module.so"

const cannot = isMissing("nginx", "nginx libnginx-mod-stream") || !existsSync(stream)

const configured = (folder: string, servers: ReadonlyArray<string>): string =>
  `load_module ${stream};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {}
stream {
  proxy_half_close on;
  proxy_protocol on;
${servers.map((lines) => `  server { ${lines} }`).join("\n")}
}
`

/** Runs nginx until the scope closes; it listens before it says which version it is. */
const nginx = (servers: ReadonlyArray<string>, folder: string) =>
  Effect.suspend(() => {
    const path = join(folder, "nginx.conf")
    writeFileSync(path, configured(folder, servers))
    return ready("nginx", ["-e", "stderr", "-p", folder, "-c", path], /nginx\/\d/)
  })

/** A client that asks and has then finished is told who it is. */
const asked = (port: number, reply: RegExp) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect({ host: "localhost", port })
    yield* peer.write("who?\n")
    yield* peer.end
    expect((yield* peer.readToEnd).toString()).toMatch(reply)
  })

describe.skipIf(cannot)("behind nginx, where it is installed", () => {
  it.scopedLive("a client is known by its own address, on TCP, over a unix socket, and where nginx ends TLS", () =>
    Effect.gen(function*() {
      const path = yield* folder
      const proxies = { from: ["127.0.0.1"] }
      const places = [
        NodeSocketServer.make({ proxies }),
        NodeSocketServer.make({ path: join(path, "who.sock"), proxies })
      ]
      const [tcp, unix] = yield* Effect.all(places)
      const server = yield* Effect.flatMap(
        SocketServer.merge([tcp!, unix!]),
        (socketServer) =>
          Effect.provideService(serve(whoami, { model: Model.threaded }), SocketServer.SocketServer, socketServer)
      )
      const [plain, file, tls] = yield* Effect.all([freePort, freePort, freePort])
      const place = Address.format(server.address)
      const { certificate, key } = certificates.server
      yield* nginx([
        `listen 127.0.0.1:${plain}; proxy_pass ${place};`,
        `listen 127.0.0.1:${file}; proxy_pass unix:${join(path, "who.sock")};`,
        `listen 127.0.0.1:${tls} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; proxy_pass ${place};`
      ], path)
      yield* asked(plain, /^127\.0\.0\.1 by 127\.0\.0\.1:\d+\n$/)
      yield* asked(file, /^127\.0\.0\.1 by unix:\n$/)
      yield* Effect.provide(
        asked(tls, /^127\.0\.0\.1 by 127\.0\.0\.1:\d+\n$/),
        NodeTlsConnector.layer({ ca: certificates.authority })
      )
    }).pipe(Effect.provide(NodeConnector.layer)))
})
