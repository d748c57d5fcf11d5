// The built `connect`, with messages and in a pipe, against our servers and against those it stands in for.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as OldServer from "./OldServer.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"

const at = ({ port }: { readonly port: number }) => ["--port", String(port)]

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i} + 1\n`)

describe("connect with messages", () => {
  it.scopedLive("sends each, prints each reply alone on a line, and ends with 0", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "22 + 44", "4 / 2", "-5"])).toEqual({
        code: 0,
        stdout: "66\n2.0\n-5\n",
        stderr: ""
      })
    }))

  it.scopedLive("connects to HOST:PORT, where that is the first word, and to what serve prints", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "echo"])
      for (const place of [`localhost:${server.port}`, `tcp://127.0.0.1:${server.port}`]) {
        expect(yield* Switchboard.run(["connect", place, "echo", "a"])).toEqual({ code: 0, stdout: "a\n", stderr: "" })
      }
    }))

  it.scopedLive("sends its messages again with --repeat, and shows with --latency how long the replies took", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const repeated = ["connect", ...at(server), "calc", "1 + 1", "1 / 0", "--repeat", "3"]
      expect((yield* Switchboard.run(repeated)).stdout).toBe("2\nINVALID STATEMENT: division by zero\n".repeat(3))
      const { code, stdout } = yield* Switchboard.run([...repeated, "--latency"])
      expect(code).toBe(7)
      expect(stdout).toMatch(
        /^6 replies, 3 of them rejections {3}min \S+ \S+ {3}median \S+ \S+ {3}p99 \S+ \S+ {3}max \S+ \S+\n$/
      )
      const json = yield* Switchboard.run([...repeated, "--latency", "--json"])
      expect(JSON.parse(json.stdout)).toMatchObject({ replies: 6, rejected: 3, median: expect.any(Number) })
    }))

  it.scopedLive("says at Ctrl+C how long the replies took that it had", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const client = yield* Switchboard.start(
        ["connect", ...at(server), "echo", "hello", "--repeat", "forever", "--interval", "10ms", "--latency"]
      )
      yield* Effect.async<void>((resume) => {
        const look = (): void => server.requests.length > 2 ? resume(Effect.void) : void setImmediate(look)
        look()
      })
      client.child.kill("SIGINT")
      expect(yield* client.exit).toMatchObject({ code: 130 })
      expect(client.stdout.text).toMatch(/^\d+ replies {3}min .* max \S+ \S+\n$/)
    }))

  it.live("says with what --repeat and --latency do not go", () =>
    Effect.gen(function*() {
      for (const words of [["chars", "--latency"], ["chars", "s", "--repeat", "2"], ["calc", "--repeat", "2"]]) {
        const { code, stderr } = yield* Switchboard.run(["connect", ...words])
        expect({ code, stderr }).toEqual({
          code: 2,
          stderr: expect.stringMatching(/--(repeat|latency) (does not go|needs)/)
        })
      }
    }))

  it.scopedLive("goes on after a rejection, and ends with 7", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "1 / 0", "1 +", "2 + 2"])).toEqual({
        code: 7,
        stdout: "INVALID STATEMENT: division by zero\nINVALID STATEMENT: invalid syntax\n4\n",
        stderr: "switchboard: The server rejected 2 of 3 messages: see its replies.\n"
      })
    }))

  it.scopedLive("speaks to reverse and echo", () =>
    Effect.gen(function*() {
      for (const [protocol, reply] of [["reverse", "ECNAVDA\n"], ["echo", "ADVANCE\n"]] as const) {
        const server = yield* Switchboard.serve(["threaded", protocol])
        const { stdout } = yield* Switchboard.run(["connect", ...at(server), protocol, "ADVANCE"])
        expect(stdout).toBe(reply)
      }
    }))

  it.scopedLive("with --json prints an object for each reply", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server), "--json", "calc", "1 + 1", "1 / 0"])
      expect(code).toBe(7)
      expect(stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
        { request: "1 + 1", reply: "2", ok: true, milliseconds: expect.any(Number), error: null },
        {
          request: "1 / 0",
          reply: "INVALID STATEMENT: division by zero",
          ok: false,
          milliseconds: expect.any(Number),
          error: "division by zero"
        }
      ])
    }))

  it.scopedLive("with --json prints an object for a message that got no reply, too, once for all attempts", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({ received: (socket) => socket.resetAndDestroy() })
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server), "--json", "--retry", "1", "echo", "a"])
      expect(code).toBe(3)
      expect(JSON.parse(stdout)).toMatchObject({
        request: "a",
        reply: null,
        ok: false,
        error: expect.stringContaining("refused the connection")
      })
    }))

  it.scopedLive("with --mode debug shows on stderr what goes over the wire", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const { stderr, stdout } = yield* Switchboard.run(["connect", ...at(server), "--mode", "debug", "calc", "1 + 1"])
      expect(stdout).toBe("2\n")
      expect(stderr).toContain(`connected to 127.0.0.1:${server.port}\n`)
      expect(stderr).toContain(`sent "1 + 1\\n"\n`)
      expect(stderr).toContain(`received "2\\n"\n`)
    }))

  it.scopedLive("speaks the client protocol that a module exports", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const path = fileURLToPath(new URL("../fixtures/sum.mjs", import.meta.url))
      expect(yield* Switchboard.run(["connect", ...at(server), path, "1 2 3", "nothing"])).toEqual({
        code: 7,
        stdout: "6\n",
        stderr: "switchboard: 'nothing' holds no numbers.\n" +
          "switchboard: The client's protocol, or the server, rejected 1 of 2 messages.\n"
      })
    }))

  it.scopedLive("speaks what a module without dependencies exports, and says where in it something is wrong", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const folder = yield* Terminal.folder
      const path = join(folder, "client.mjs")
      const connect = (source: string) => {
        writeFileSync(path, source)
        return Switchboard.run(["connect", ...at(server), "./client.mjs", "a"], { cwd: folder })
      }
      const rejected = "switchboard: The client's protocol, or the server, rejected the message.\n"
      expect(yield* connect("export default { prepare: async (text) => text + '?', process: (text) => text + '!' }"))
        .toEqual({ code: 0, stdout: "a?!\n", stderr: "" })
      expect(yield* connect("export default (text) => text")).toMatchObject({ code: 0, stdout: "a\n" })
      expect(yield* connect("export default {\n  prepare: (text) => text.nothing.here,\n  process: String\n}")).toEqual(
        {
          code: 7,
          stdout: "",
          stderr: "switchboard: The module's prepare failed: " +
            `TypeError: Cannot read properties of undefined (reading 'here') (client.mjs:2).\n${rejected}`
        }
      )
      expect(yield* connect("export default { prepare: () => 5, process: String }")).toMatchObject({
        code: 7,
        stderr: `switchboard: The module's prepare gave 5 where a text belongs.\n${rejected}`
      })
      expect(yield* connect("export default {\n  prepare: (\n")).toEqual({
        code: 2,
        stdout: "",
        stderr: "switchboard: The module ./client.mjs could not be loaded: " +
          "SyntaxError: Unexpected end of input (client.mjs:3).\n"
      })
      expect(yield* connect("import 'effect'")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          "it needs the package effect: install it beside the module, by npm install effect@3."
        )
      })
      expect(yield* connect("export default 3")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("make its default export an object with prepare and process.")
      })
    }))
})

describe("connect fails with a sentence and", () => {
  it.live("2 for a protocol there is not", () =>
    Effect.gen(function*() {
      expect(yield* Switchboard.run(["connect", "clac"])).toEqual({
        code: 2,
        stdout: "",
        stderr: "switchboard: There is no protocol 'clac': did you mean calc?\n"
      })
      expect((yield* Switchboard.run(["connect", "22 + 44"])).stderr).toBe(
        "switchboard: There is no protocol '22 + 44': a message comes after the protocol, as in: " +
          "switchboard connect calc '22 + 44'\n"
      )
      expect(yield* Switchboard.run(["connect", "chars", "--framing", "line"])).toMatchObject({ code: 2 })
    }))

  it.scopedLive("2 for a message that its framing would have to change", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      expect(yield* Switchboard.run(["connect", ...at(server), "echo", "a\nb"])).toEqual({
        code: 2,
        stdout: "",
        stderr: `switchboard: The message "a\\nb" cannot be sent: a line cannot hold a newline.\n`
      })
      expect(server.requests).toEqual([])
    }))

  it.live("3 where nothing listens", () =>
    Effect.gen(function*() {
      const port = yield* OldServer.freePort
      expect(yield* Switchboard.run(["connect", "--port", String(port), "calc", "1"])).toEqual({
        code: 3,
        stdout: "",
        stderr: `switchboard: Nothing listens on 127.0.0.1:${port}: start the server, or check the host and port.\n`
      })
    }))

  it.live("3 for a host that is not found", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* Switchboard.run(["connect", "--host", "nowhere.invalid", "calc", "1"])
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: "switchboard: The host nowhere.invalid was not found: check its spelling, or give its address.\n"
      })
    }))

  it.scopedLive("3 when a server turns it away, and is served when the other client has gone", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["single"])
      const engaged = yield* Peer.connect(server.port)
      yield* engaged.send("1 + 1\n")
      yield* engaged.received(2)
      const turnedAway = yield* Switchboard.run(["connect", ...at(server), "calc", "1 + 1"])
      expect(turnedAway).toMatchObject({ code: 3, stdout: "" })
      expect(turnedAway.stderr).toMatch(/refused the connection/)
      engaged.socket.end()
      yield* engaged.ended
      yield* server.stderr.find(/event=closed/)
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "1 + 1"])).toMatchObject({
        code: 0,
        stdout: "2\n"
      })
    }))

  it.scopedLive("4 when a reply does not come in time", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({})
      const { code, stderr } = yield* Switchboard.run(["connect", ...at(server), "--timeout", "200ms", "calc", "1"])
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: `switchboard: No reply from 127.0.0.1:${server.port} within 200ms: ` +
          "the server is slow, or speaks another protocol.\n"
      })
    }))

  it.scopedLive("5 when the server goes away with a message unanswered", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["once"])
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "1 + 1", "2 + 2"])).toEqual({
        code: 5,
        stdout: "2\n",
        stderr: `switchboard: The server at 127.0.0.1:${server.port} closed the connection.\n`
      })
    }))

  it.scopedLive("5, and without another try, when the server's protocol dies over the message", () =>
    Effect.gen(function*() {
      const dies = fileURLToPath(new URL("../fixtures/protocols/dies.mjs", import.meta.url))
      for (const model of ["threaded", "select"]) {
        const server = yield* Switchboard.serve([model, dies])
        expect(yield* Switchboard.run(["connect", ...at(server), "--retry", "1", "echo", "a"])).toEqual({
          code: 5,
          stdout: "",
          stderr: `switchboard: The server at 127.0.0.1:${server.port} closed the connection.\n`
        })
      }
    }))
})

describe("connect --retry", () => {
  it.scopedLive("tries again until the server is there, and then says all it had to say", () =>
    Effect.gen(function*() {
      const port = yield* OldServer.freePort
      const client = yield* Switchboard.start(["connect", "--port", String(port), "--retry", "20", "echo", "a", "b"])
      yield* client.stderr.find(/Nothing listens .* Trying again, 20 times at the most\.\n/)
      yield* OldServer.listen({ port, received: (socket, request) => void socket.write(request) })
      expect(yield* client.exit).toMatchObject({ code: 0 })
      expect(client.stdout.text).toBe("a\nb\n")
    }))

  it.scopedLive("sends again what a server that turned it away had taken", () =>
    Effect.gen(function*() {
      let refusals = 0
      const server = yield* OldServer.listen({
        received: (socket, request) => void (refusals++ < 2 ? socket.resetAndDestroy() : socket.write(request))
      })
      const { code, stdout } = yield* Switchboard.run(
        ["connect", ...at(server), "--retry", "3", "echo"],
        { stdin: "a\nb\nc\n" }
      )
      expect({ code, stdout }).toEqual({ code: 0, stdout: "a\nb\nc\n" })
    }))

  it.live("gives up with 3", () =>
    Effect.gen(function*() {
      const port = String(yield* OldServer.freePort)
      const { code, stderr } = yield* Switchboard.run(["connect", "--port", port, "--retry", "2", "calc", "1"])
      expect(code).toBe(3)
      expect(stderr.match(/Trying again/g)).toHaveLength(2)
    }))
})

describe("connect in a pipe", () => {
  it.scopedLive("sends a message a line, the last one without its newline, too", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      expect(yield* Switchboard.run(["connect", ...at(server)], { stdin: "22 + 44\n1 + 1\n4 / 2" })).toEqual({
        code: 0,
        stdout: "66\n2\n2.0\n",
        stderr: ""
      })
    }))

  it.scopedLive("ends with 7 after a rejection, as with a message that is given", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      expect(yield* Switchboard.run(["connect", ...at(server)], { stdin: "22 + 44\n1/0\n4 / 2" })).toEqual({
        code: 7,
        stdout: "66\nINVALID STATEMENT: division by zero\n2.0\n",
        stderr: "switchboard: The server rejected 1 of 3 messages: see its replies.\n"
      })
    }))

  it.scopedLive("40. delivers every reply before it ends, whatever its exit code", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server)], {
        stdin: `${"'x' * 50_000\n".repeat(100)}1/0\n`
      })
      expect(code).toBe(7)
      // Not `toBe`, which would show 5 MB of difference.
      expect(stdout === `${`${"x".repeat(50_000)}\n`.repeat(100)}INVALID STATEMENT: division by zero\n`).toBe(true)
    }))

  it.scopedLive("40. has every reply delivered, and ends, while nobody reads what --mode debug says", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select", "echo", "--framing", "chunk"])
      const { child, exit, stdout } = yield* Switchboard.start(
        ["connect", "echo", "--framing", "chunk", "--mode", "debug", "--port", String(port)]
      )
      child.stderr.pause()
      child.stdin.end("hello\n".repeat(5000))
      yield* Effect.async<void>((resume) => void child.once("exit", () => resume(Effect.void)))
      child.stderr.resume()
      expect((yield* exit).code).toBe(0)
      expect(stdout.text).toBe("hello\n".repeat(5000))
    }))

  it.scopedLive("says in one sentence that its output cannot be written, and ends with 1", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      for (const input of ["1 + 1\n", numbers(50_000).join("")]) {
        const { code, stderr } = yield* Switchboard.run(["connect", ...at(server)], {
          stdin: input,
          shell: (line) => `${line} > /dev/full`
        })
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: "switchboard: The output cannot be written (ENOSPC).\n"
        })
      }
    }))

  it.scopedLive("ends quietly when its reader has seen enough", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const ended = yield* Switchboard.run(["connect", ...at(server)], {
        stdin: numbers(50_000).join(""),
        shell: (line) => `set -o pipefail; ${line} | head -n 1`
      })
      expect(ended).toEqual({ code: 0, stderr: "", stdout: "1\n" })
    }))

  it.scopedLive("says that a directory is no input", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      for (const protocol of ["echo", "chars"]) {
        expect(
          yield* Switchboard.run(["connect", ...at(server), protocol], { shell: (line) => `${line} < /` })
        ).toEqual({
          code: 2,
          stdout: "",
          stderr: "switchboard: The input is a directory: give a file, or a pipe.\n"
        })
      }
    }))

  it.scopedLive("prints a reply as soon as it comes, while more is still to be typed", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const client = yield* Switchboard.start(["connect", ...at(server)])
      client.child.stdin.write("22 + 44\n")
      yield* client.stdout.find(/^66\n$/)
      client.child.stdin.write("4 / 2\n")
      yield* client.stdout.find(/^66\n2\.0\n$/)
    }))

  it.scopedLive("disconnects at a line `exit`, which is not sent", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const client = yield* Switchboard.start(["connect", ...at(server), "echo"])
      client.child.stdin.write("exit now\nexit\nnever\n")
      expect(yield* client.exit).toMatchObject({ code: 0 })
      expect(client.stdout.text).toBe("exit now\n")
      expect(server.requests).toEqual(["exit now\n"])
    }))

  it.scopedLive("has all of 50,000 lines answered, in order", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server)], { stdin: numbers(50_000).join("") })
      expect(code).toBe(0)
      expect(stdout).toBe(Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join(""))
    }))

  it.scopedLive("ends with 0 when the server has answered all there was, and closes", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["once"])
      const client = yield* Switchboard.start(["connect", ...at(server)])
      client.child.stdin.write("1 + 1\n")
      yield* client.stdout.find(/2\n/)
      yield* server.exit
      client.child.stdin.end()
      expect(yield* client.exit).toMatchObject({ code: 0 })
    }))

  it.scopedLive("ends with 5 at once when the connection is cut, though its input goes on", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const client = yield* Switchboard.start(["connect", ...at(server), "echo"])
      client.child.stdin.write("a\n")
      yield* client.stdout.find(/a\n/)
      for (const socket of server.clients) socket.resetAndDestroy()
      expect(yield* client.exit).toMatchObject({ code: 5 })
    }))

  it.scopedLive("says which line of its input is not text", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const client = yield* Switchboard.start(["connect", ...at(server), "echo"])
      client.child.stdin.end(Buffer.from([0x61, 0x0a, 0xff, 0x0a]))
      expect(yield* client.exit).toMatchObject({ code: 2 })
      expect(client.stdout.text).toBe("a\n")
      expect(client.stderr.text).toBe(
        "switchboard: Line 2 of the input cannot be sent: the message is not valid UTF-8 text.\n"
      )
    }))
})

describe("connect speaks with the servers in use today", () => {
  it.scopedLive("the calculators, which know no lines: only the first message has a newline", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.calculator
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "22 + 44", "4 / 2", "what?", "7 // 2"])).toEqual(
        {
          code: 7,
          stdout: "66\n2.0\nINVALID STATEMENT\n3\n",
          stderr: "switchboard: The server rejected 1 of 4 messages: see its replies.\n"
        }
      )
      expect(server.requests).toEqual(["22 + 44\n", "4 / 2", "what?", "7 // 2"])
    }))

  it.scopedLive("the calculators, from a file: one message after the other, and no empty ones", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.calculator
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server)], {
        stdin: "22 + 44\n4 / 2\n\n7 // 2\n"
      })
      expect({ code, stdout }).toEqual({ code: 0, stdout: "66\n2.0\n3\n" })
      expect(server.requests).toEqual(["22 + 44\n", "4 / 2", "7 // 2"])
    }))

  it.scopedLive("a server that is sent nothing but bare text, with --framing chunk", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.calculator
      const { stdout } = yield* Switchboard.run([
        "connect",
        ...at(server),
        "--framing",
        "chunk",
        "calc",
        "22 + 44",
        "4 / 2"
      ])
      expect(stdout).toBe("66\n2.0\n")
      expect(server.requests).toEqual(["22 + 44", "4 / 2"])
    }))

  it.scopedLive("one that answers one request and closes", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({ received: (socket) => socket.end("66") })
      expect(yield* Switchboard.run(["connect", ...at(server), "calc", "22 + 44"])).toMatchObject({
        code: 0,
        stdout: "66\n"
      })
    }))

  it.scopedLive("the echo", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const { stdout } = yield* Switchboard.run(["connect", ...at(server), "echo", "one", "two", "three"])
      expect(stdout).toBe("one\ntwo\nthree\n")
    }))

  it.scopedLive("the reversing server, which reverses the newline, too", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.reverse
      const { stdout } = yield* Switchboard.run(["connect", ...at(server), "reverse", "ADVANCE", "abc"])
      expect(stdout).toBe("ECNAVDA\ncba\n")
      expect(server.requests).toEqual(["ADVANCE\n", "abc"])
    }))

  it.scopedLive("the server of random characters, whose messages come a byte at a time", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.chars
      const client = yield* Switchboard.start(["connect", ...at(server), "chars"])
      yield* client.stdout.find(/^sleepy for a 3 seconds\ngot response: b'td3kk'\n$/)
      client.child.stdin.write("s\n")
      yield* client.stdout.find(/\nsleepy for a 1 second\ngot response: b'Statistics: 5 symbols was delivered'\n$/)
      client.child.stdin.write("q\n")
      expect(yield* client.exit).toMatchObject({ code: 0 })
      const [request = ""] = server.requests
      expect(request.length).toBe(2 + request.charCodeAt(1) + 1)
      expect(JSON.parse(request.slice(2, -1))).toEqual({
        byteorder: expect.stringMatching(/^(little|big)$/),
        "content-type": "binary/custom-client-binary-type",
        "content-encoding": "binary",
        "content-length": 1
      })
      expect(request.at(-1)).toBe("s")
    }))
})

describe("connect chars", () => {
  it.scopedLive("delivers to two clients of one server, each by itself", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "chars"])
      const clients = yield* Effect.all([1, 2].map(() => Switchboard.start(["connect", ...at(server), "chars"])))
      yield* Effect.forEach(
        clients,
        ({ stdout }) => stdout.find(/^sleepy for a \d seconds?\ngot response: b'[A-Za-z0-9]{1,5}'\n/),
        { concurrency: "unbounded" }
      )
    }))

  it.scopedLive("asks for statistics with the message s, and ends when they have come", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["threaded", "chars"])
      const { code, stdout } = yield* Switchboard.run(["connect", ...at(server), "chars", "s"])
      expect(code).toBe(0)
      expect(stdout).toMatch(/got response: b'Statistics: \d+ symbols was delivered'\n$/)
    }))

  it.scopedLive("goes on at the end of its input, until the server goes", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.chars
      const client = yield* Effect.fork(Switchboard.run(["connect", ...at(server), "chars"]))
      yield* Effect.async<void>((resume) => {
        const look = (): void => server.clients.size > 0 ? resume(Effect.void) : void setImmediate(look)
        look()
      })
      for (const socket of server.clients) socket.end()
      expect(yield* Fiber.join(client)).toEqual({
        code: 5,
        stdout: "sleepy for a 3 seconds\ngot response: b'td3kk'\n",
        stderr: `switchboard: The server at 127.0.0.1:${server.port} closed the connection.\n`
      })
    }))
})
