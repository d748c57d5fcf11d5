import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import * as Switchboard from "./Switchboard.js"

const { certificate } = certificates.server
const ca = certificates.authority

/** A server by TLS, and where it is. */
const serve = (words: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* Switchboard.start(["serve", "threaded", ...words])
    const [, place, port] = yield* server.stdout.find(/^listening on ((?:tls|wss):\/\/.*:(\d+)\/?) /)
    return { ...server, place: place!, port: port! }
  })

const connect = (...words: ReadonlyArray<string>) => Switchboard.run(["connect", ...words])

describe("TLS, from the shell", () => {
  it.scopedLive("serve speaks it with a certificate, and connect knows the server by its authority", () =>
    Effect.gen(function*() {
      const { place, port } = yield* serve(["--port", "0", "--tls-cert", certificate])
      expect(place).toBe(`tls://127.0.0.1:${port}`)
      for (const words of [[place, "--ca", ca], [`localhost:${port}`, "--tls", "--ca", ca]]) {
        expect(yield* connect(...words, "calc", "6 * 7")).toEqual({ code: 0, stdout: "42\n", stderr: "" })
      }
      expect(yield* connect(place, "calc", "1")).toEqual({
        code: 3,
        stdout: "",
        stderr:
          `switchboard: The certificate of the server at 127.0.0.1:${port} is signed by an authority that is not known `
          + `here: give that authority's certificate (ca).\n`
      })
      expect(yield* connect(place, "--insecure", "calc", "1")).toEqual({
        code: 0,
        stdout: "1\n",
        stderr:
          "switchboard: --insecure: whoever answers is believed, and anybody on the way may read and change what is said.\n"
      })
      expect(yield* connect(`127.0.0.1:${port}`, "calc", "1 + 1")).toEqual({
        code: 5,
        stdout: "",
        stderr: `switchboard: The connection to 127.0.0.1:${port} was cut: the server speaks TLS, so connect by TLS.\n`
      })
    }))

  it.scopedLive("serve asks for certificates, and says in the log who is there", () =>
    Effect.gen(function*() {
      const words = ["--listen", "tls://127.0.0.1:0", "--tls-cert", certificate, "--tls-key", certificate]
      const { place, stderr } = yield* serve([...words, "--tls-client-ca", ca])
      const { code } = yield* connect(place, "--ca", ca, "--cert", certificates.alice.certificate, "calc", "1")
      expect(code).toBe(0)
      yield* stderr.find(/connected to \S+, CN=alice, O=Example \(1 open\)/)
      const nobody = yield* connect(place, "--ca", ca, "calc", "1")
      expect(nobody.code).toBe(5)
      expect(nobody.stderr).toContain("the server wants a certificate of the client")
      yield* stderr.find(/event=handshake-failed .*fault="no certificate"/)
    }))

  it.scopedLive("a WebSocket goes over it, too", () =>
    Effect.gen(function*() {
      const { place, port } = yield* serve(["--listen", "wss://127.0.0.1:0", "--tls-cert", certificate])
      expect(place).toBe(`wss://127.0.0.1:${port}/`)
      expect(yield* connect(place, "--ca", ca, "calc", "6 * 7")).toEqual({ code: 0, stdout: "42\n", stderr: "" })
    }))

  it.scopedLive.skipIf(spawnSync("openssl", ["version"]).status !== 0)(
    "certificate makes one for a try-out, and changes no file that is there",
    () =>
      Effect.gen(function*() {
        const cwd = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
          (path) => Effect.sync(() => rmSync(path, { recursive: true }))
        )
        const made = yield* Switchboard.run(["certificate", "--self-signed"], { cwd })
        expect(made).toMatchObject({ code: 0, stderr: "" })
        expect(made.stdout).toContain("server.crt and server.key: for localhost, 127.0.0.1, ::1, and 365 days.")
        expect(statSync(join(cwd, "server.key")).mode & 0o777).toBe(0o600)
        const { place } = yield* serve([
          "--port",
          "0",
          "--tls-cert",
          join(cwd, "server.crt"),
          "--tls-key",
          join(cwd, "server.key")
        ])
        const { stdout } = yield* Switchboard.run(["connect", place, "--ca", "server.crt", "calc", "6 * 7"], { cwd })
        expect(stdout).toBe("42\n")
        expect(yield* Switchboard.run(["certificate", "--self-signed"], { cwd })).toEqual({
          code: 2,
          stdout: "",
          stderr:
            "switchboard: server.key is there already, and stays as it is: give another name with --out, or remove it.\n"
        })
        const odd = yield* Switchboard.run(["certificate", "--self-signed", "a,b", "--out", "other"], { cwd })
        expect(odd.stderr).toBe(
          "switchboard: 'a,b' is no name, such as example.org or *.example.org, and no address.\n"
        )
      })
  )

  it.scopedLive("what does not go together is a mistake, and says what does", () =>
    Effect.gen(function*() {
      const mistakes: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [
          ["serve", "threaded", "--listen", "tls://127.0.0.1:0"],
          "tls://127.0.0.1:0 needs a certificate: give --tls-cert FILE, and --tls-key FILE; "
        ],
        [
          ["serve", "threaded", "--listen", "tcp://127.0.0.1:0", "--tls-cert", certificate],
          "--tls-cert goes with tls:// or wss://, and --listen has neither."
        ],
        [
          ["serve", "threaded", "--tls-cert", certificate, "--tls-key", "a,b"],
          "--tls-key names 2 keys, and --tls-cert 1 certificates: each needs its own."
        ],
        [
          ["serve", "threaded", "--tls-cert", "/nowhere/at.all"],
          "The certificate in /nowhere/at.all cannot be used: there is no such file."
        ],
        [
          ["connect", "localhost:1", "--ca", ca, "calc", "1"],
          "--ca needs TLS: add --tls, or write tls://HOST:PORT."
        ]
      ]
      for (const [words, sentence] of mistakes) {
        const { code, stderr, stdout } = yield* Switchboard.run(words)
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
        expect(stderr).toContain(sentence)
      }
    }))
})
