import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"
import { key } from "./Terminal.js"

const root = fileURLToPath(new URL("../..", import.meta.url))

const childrenOf = (pid: number): ReadonlyArray<number> =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number)
  )

const models = ["once", "iterative", "single", "threaded", "select"]

/** A server at its stop, with a client that never takes what it is sent, so that the drain does not end by itself. */
const draining = (drainTimeout: string, signal: NodeJS.Signals = "SIGINT") =>
  Effect.gen(function*() {
    const server = yield* Switchboard.serve(["select", "echo", "--drain-timeout", drainTimeout])
    const peer = yield* Peer.connect(server.port)
    yield* peer.send("begin\n")
    yield* peer.received(6)
    peer.socket.pause()
    // More than the buffers of both sides hold.
    for (let i = 0; i < 500; i++) peer.socket.write(`${"x".repeat(60_000)}\n`)
    yield* server.stderr.find(/event=accepted/)
    server.child.kill(signal)
    return server
  })

describe("switchboard serve", () => {
  it.scopedLive.each(models)("%s answers a line with a line", (model) =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve([model])
      const peer = yield* Peer.connect(port)
      yield* peer.send("22 + 44\n")
      expect(yield* peer.received(3)).toBe("66\n")
    }))

  it.scopedLive("answers bare text with bare text, as the old clients talk", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select"])
      const peer = yield* Peer.connect(port)
      yield* peer.send("4 / 2")
      expect(yield* peer.received(3)).toBe("2.0")
    }))

  it.scopedLive("answers in the language of mathjs, when asked to", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["threaded", "--evaluator", "mathjs"])
      const peer = yield* Peer.connect(port)
      peer.socket.end("2 inch to cm\n")
      expect((yield* peer.ended).text).toBe("5.08 cm\n")
    }))

  it.scopedLive(
    "outlives a request in the language of mathjs that takes all the memory it can get",
    () =>
      Effect.gen(function*() {
        const server = yield* Switchboard.serve(["select", "calc", "--evaluator", "mathjs"])
        const peer = yield* Peer.connect(server.port)
        peer.socket.end(`${"ones(5000, 5000)\n".repeat(4)}2 + 2\n`)
        expect((yield* peer.ended).text).toMatch(/^(?:INVALID STATEMENT: .*\n){4}4\n$/)
        server.child.kill("SIGINT")
        expect(yield* server.exit).toEqual({ code: 0, signal: null })
      }),
    120_000
  )

  it.scopedLive("evaluates in processes of its own, when asked to, which end with it", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["threaded", "--evaluator-workers", "2"])
      const peer = yield* Peer.connect(server.port)
      peer.socket.end("sorted((3, 1, 2))\n1 +\n")
      expect((yield* peer.ended).text).toBe("[1, 2, 3]\nINVALID STATEMENT: invalid syntax\n")
      const workers = childrenOf(server.child.pid!)
      expect(workers).toHaveLength(2)
      server.child.kill("SIGTERM")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
      expect(workers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
    }))

  it.scopedLive("answers a client that has finished sending, and then closes", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["threaded"])
      const peer = yield* Peer.connect(port)
      peer.socket.end("1 + 1\n2 + 2\n3 + 3")
      expect(yield* peer.ended).toEqual({ text: "2\n4\n6\n", error: undefined })
    }))

  it.scopedLive("says one line on stdout, with the real port, the model and the protocol", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["threaded", "echo"])
      const peer = yield* Peer.connect(server.port)
      yield* peer.send("hello\n")
      yield* peer.received(6)
      server.child.kill("SIGINT")
      yield* server.exit
      expect(server.stdout.text).toBe(`listening on tcp://127.0.0.1:${server.port} (threaded, echo)\n`)
    }))

  it.scopedLive("once answers one request and ends with 0", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["once"])
      const peer = yield* Peer.connect(server.port)
      peer.socket.end("1 + 1\n")
      expect((yield* peer.ended).text).toBe("2\n")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
    }))

  it.scopedLive("single refuses a second client while it serves the first, and serves one that comes after", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["single"])
      const first = yield* Peer.connect(server.port)
      yield* first.send("1\n")
      yield* first.received(2)
      const refused = yield* Switchboard.run(["connect", "calc", "2", "--port", `${server.port}`])
      expect(refused).toMatchObject({ code: 3, stdout: "" })
      expect(refused.stderr).toMatch(/^switchboard: .* refused the connection.*\n$/)
      first.socket.end()
      yield* first.ended
      yield* server.stderr.find(/event=closed/)
      expect(yield* Switchboard.run(["connect", "calc", "2", "--port", `${server.port}`])).toEqual({
        code: 0,
        stdout: "2\n",
        stderr: ""
      })
    }))

  it.scopedLive("ends with 6 and names the port when another server has it", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select"])
      const second = yield* Switchboard.run(["serve", "select", "--port", `${port}`])
      expect(second).toMatchObject({ code: 6, stdout: "" })
      expect(second.stderr).toBe(
        `switchboard: Port ${port} is already in use on 127.0.0.1: stop the other program, or choose another port.\n`
      )
    }))

  it.live("ends with 6 and says that a name is not known", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* Switchboard.run(["serve", "select", "--host", "no-such-host.invalid"])
      expect(code).toBe(6)
      expect(stderr).toBe(
        "switchboard: The host no-such-host.invalid was not found: check its spelling, or give an address of this machine, such as 127.0.0.1.\n"
      )
    }))

  it.scopedLive("listens on an IPv6 address as it is printed, in brackets, and is found there", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.start(["serve", "select", "--host", "[::1]", "--port", "0"])
      const [, host, port] = yield* server.stdout.find(/^listening on tcp:\/\/(\[::1\]):(\d+) /)
      expect(yield* Switchboard.run(["connect", "calc", "1 + 1", "--host", host!, "--port", port!])).toMatchObject({
        code: 0,
        stdout: "2\n"
      })
    }))

  it.scopedLive("opens no debugger for who sends SIGUSR1", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      server.child.kill("SIGUSR1")
      // When another client is answered and has gone, the signal has been dealt with.
      const peer = yield* Peer.connect(server.port)
      peer.socket.end("1\n")
      yield* peer.ended
      server.child.kill("SIGTERM")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
      expect(server.stderr.text).not.toMatch(/debugger/i)
    }))

  it.live("ends with 6 and names an address that is not this machine's", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* Switchboard.run(["serve", "select", "--host", "192.0.2.1"])
      expect(code).toBe(6)
      expect(stderr).toMatch(/^switchboard: .*192\.0\.2\.1.*\n$/)
    }))

  it.scopedLive.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s answers what has come, closes, and ends with 0",
    (signal) =>
      Effect.gen(function*() {
        const server = yield* Switchboard.serve(["select"])
        const peer = yield* Peer.connect(server.port)
        const silent = yield* Peer.connect(server.port)
        yield* peer.send("1\n")
        yield* peer.received(2)
        peer.socket.on("end", () => peer.socket.end())
        silent.socket.on("end", () => silent.socket.end())
        server.child.kill(signal)
        expect(yield* peer.ended).toEqual({ text: "1\n", error: undefined })
        yield* silent.ended
        expect(yield* server.exit).toEqual({ code: 0, signal: null })
      })
  )

  it.scopedLive("cuts clients that have not ended when the drain's time is up, says so, and ends with 4", () =>
    Effect.gen(function*() {
      const server = yield* draining("100ms")
      expect((yield* server.exit).code).toBe(4)
      expect(server.stderr.text).toMatch(/switchboard: Stopped, but 1 client had to be cut: .*\n$/)
    }))

  it.scopedLive.each([["SIGINT", 130], ["SIGTERM", 143]] as const)(
    "a second signal, %s, ends it at once with %i",
    ([signal, code]) =>
      Effect.gen(function*() {
        const server = yield* draining("never", signal === "SIGINT" ? "SIGTERM" : "SIGINT")
        yield* server.stderr.find(/event=draining/)
        server.child.kill(signal)
        expect(yield* server.exit).toEqual({ code, signal: null })
      })
  )

  it.scopedLive("says to who waits for the drain that a second Ctrl+C ends it at once", () =>
    Effect.gen(function*() {
      const server = yield* draining("never")
      yield* server.stderr.find(
        /message="stopping: 1 client may take any time to end; a second Ctrl\+C ends it at once"/
      )
    }))

  it.scopedLive.each<readonly [what: string, shell: (command: string) => string]>([
    ["nohup", (command) => `nohup ${command}`],
    ["a shell that ignores it", (command) => `trap '' HUP; ${command}; exit`]
  ])("under %s, SIGHUP is nothing to it", ([, shell]) =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "--mode", "debug"], { shell })
      const [, pid] = yield* server.stderr.find(/ pid=(\d+)/)
      process.kill(Number(pid), "SIGHUP")
      // Were that a first signal, this would be the second, which does not drain.
      process.kill(Number(pid), "SIGTERM")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
    }))

  it.scopedLive("started by npm, it drains at Ctrl+C, and npm ends with 0", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(`trap : INT; cd ${root}; npm start -- --port 0; echo "code $?"`)
      yield* terminal.shows(/listening on/)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/stopped: 0 clients served/)
      yield* terminal.shows(/code 0/)
    }))
})
