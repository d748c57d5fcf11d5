import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { connect } from "node:net"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import * as certificates from "../behaviours/support/certificates.js"
import { folder, isMissing, ready } from "../services/support/programs.js"
import * as Switchboard from "./Switchboard.js"

/** Says at which port it is to be connected to, and becomes the command with the connection as these descriptors. */
const inetd = (descriptors: string): string => `
import os, socket, sys
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
print(listening.getsockname()[1], flush=True)
connection = listening.accept()[0]
for descriptor in ${descriptors}: os.dup2(connection.fileno(), descriptor)
os.execvp(sys.argv[1], sys.argv[1:])`

/** Hands over what others are to connect to, as inetd does where it waits. */
const listener = `
import os, socket, sys
listening = socket.socket()
listening.listen()
os.dup2(listening.fileno(), 0)
os.execvp(sys.argv[1], sys.argv[1:])`

/** The command, to be connected to. */
const handedOver = (descriptors: string, words: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* Switchboard.start(["serve", ...words, "--inetd"], {
      shell: (command) => `exec python3 -c '${inetd(descriptors)}' ${command}`
    })
    const [, port] = yield* server.stdout.find(/^(\d+)\n/)
    const client = yield* Effect.acquireRelease(
      Effect.sync(() => connect({ port: Number(port), allowHalfOpen: true })),
      (socket) => Effect.sync(() => socket.destroy())
    )
    return { ...server, client, replies: Effect.promise(async () => (await buffer(client)).toString()) }
  })

const node = process.execPath

describe("serve --inetd", () => {
  describe.skipIf(isMissing("python3", "python3"))("by a small inetd", () => {
    it.scopedLive.each(["once", "threaded", "select"])(
      "serves the one client under %s, to whom nothing is said but replies, and ends with it",
      (model) =>
        Effect.gen(function*() {
          const { client, exit, replies, stderr, stdout } = yield* handedOver("(0, 1, 2)", [
            model,
            "calc",
            "--mode",
            "debug"
          ])
          client.end("22 + 44\n")
          expect(yield* replies).toBe("66\n")
          expect(yield* exit).toEqual({ code: 0, signal: null })
          expect({ stderr: stderr.text, stdout: stdout.text }).toEqual({
            stderr: "",
            stdout: expect.stringMatching(/^\d+\n$/)
          })
        })
    )

    it.scopedLive("answers what it has received when it is stopped; its log is on standard error", () =>
      Effect.gen(function*() {
        const words = ["threaded", "calc", "--mode", "debug", "--delay", "100ms"]
        const { child, client, exit, replies, stderr } = yield* handedOver("(0, 1)", words)
        client.write("22 + 44\n")
        yield* stderr.find(/event=request/)
        child.kill("SIGTERM")
        expect(yield* replies).toBe("66\n")
        client.end()
        expect(yield* exit).toEqual({ code: 0, signal: null })
        expect(stderr.text).toMatch(/event=accepted .* peer=127\.0\.0\.1:\d+ [^]*event=draining [^]*event=stopped /)
      }))
  })

  it.scopedLive.skipIf(isMissing("socat", "socat"))(
    "serves each client of socat in a process of its own, by TLS and behind a proxy as well",
    () =>
      Effect.gen(function*() {
        const { certificate } = certificates.server
        const command =
          `${node} ${Switchboard.main} serve threaded calc --tls-cert ${certificate} --proxy-protocol 127.0.0.0/8`
        const [, port] = yield* ready(
          "socat",
          ["-d", "-d", "TCP-LISTEN:0,bind=127.0.0.1,fork", `EXEC:"${command} --inetd",nofork`],
          /listening on .*:(\d+)$/m
        )
        const words = [
          "connect",
          "--timeout",
          "20s",
          `tls://localhost:${port}`,
          "--ca",
          certificates.authority,
          "calc",
          "6 * 7"
        ]
        const asked = Switchboard.run([...words, "--proxy-protocol", "v2"])
        expect(yield* Effect.all([asked, asked], { concurrency: 2 })).toEqual(
          Array.from({ length: 2 }, () => ({ code: 0, stdout: "42\n", stderr: "" }))
        )
      })
  )

  it.scopedLive.skipIf(isMissing("systemd-socket-activate", "systemd"))(
    "serves the clients of a unix socket that systemd listens at",
    () =>
      Effect.gen(function*() {
        const path = join(yield* folder, "calc.sock")
        const command = [node, Switchboard.main, "serve", "select", "calc", "--inetd"]
        yield* ready("systemd-socket-activate", ["-l", path, "--accept", "--inetd", ...command], /Listening on/)
        for (const [question, answer] of [["6 * 7", "42\n"], ["2 ** 10", "1024\n"]] as const) {
          expect(yield* Switchboard.run(["connect", "--timeout", "20s", `unix:${path}`, "calc", question]))
            .toMatchObject({
              code: 0,
              stdout: answer
            })
        }
      })
  )

  it.effect("refuses what is no connection, and what says where else to listen", () =>
    Effect.gen(function*() {
      const complaints: ReadonlyArray<readonly [line: (command: string) => string, sentence: RegExp]> = [
        [(command) => `true | ${command}`, /^switchboard: --inetd needs a connection .* is a pipe\.$/m],
        [(command) => `${command} < /dev/null`, /is a device\.$/m],
        [(command) => `${command} < ${Switchboard.main}`, /is a file\.$/m],
        [
          (command) => `exec python3 -c '${listener}' ${command}`,
          /is a socket that listens, which is for --listen fd:0\.$/m
        ],
        [(command) => `${command} --port 1`, /^switchboard: --port does not go with --inetd/m]
      ]
      for (const [shell, sentence] of complaints) {
        const { code, stderr, stdout } = yield* Switchboard.run(["serve", "threaded", "--inetd"], { shell })
        expect(stderr).toMatch(sentence)
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      }
    }))
})
