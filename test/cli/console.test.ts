import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"
import { key } from "./Terminal.js"

/** What the log holds after a client has asked something, and the server has stopped. */
const logged = (args: ReadonlyArray<string>, request = "4 / 2\n", reply = "2.0\n") =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* Switchboard.serve(["select", ...args])
    const peer = yield* Peer.connect(server.port)
    yield* peer.send(request)
    expect(yield* peer.received(reply.length)).toBe(reply)
    peer.socket.end()
    yield* peer.ended
    server.child.kill("SIGINT")
    expect(yield* server.exit).toEqual({ code: 0, signal: null })
    return server.stderr.text
  }))

const ask = (port: number, requests: number) =>
  Effect.scoped(Effect.gen(function*() {
    const peer = yield* Peer.connect(port)
    const text = "hello\n".repeat(requests)
    yield* peer.send(text)
    expect(yield* peer.received(text.length)).toBe(text)
    peer.socket.end()
    yield* peer.ended
  }))

describe("The server's console", () => {
  it.live("in mode user tells who connects and who leaves, as logfmt in a pipe", () =>
    Effect.gen(function*() {
      const log = yield* logged([])
      const events = Array.from(log.matchAll(/ event=([\w-]+)/g), ([, event]) => event)
      expect(new Set(events)).toEqual(new Set(["accepted", "closed", "draining", "stopped"]))
      expect(log).toMatch(/^timestamp=\S+Z level=INFO message="connected to 127\.0\.0\.1:\d+ \(1 open\)" /)
      expect(log).toMatch(
        / message="disconnected from 127\.0\.0\.1:\d+: the client closed \(1 request in \d+ ms, 0 open\)" /
      )
    }))

  it.live("in mode debug tells each message, with its escapes visible", () =>
    Effect.gen(function*() {
      const log = yield* logged(["echo", "--mode", "debug", "--log-format", "pretty"], "a\tb\x1b\n", "a\tb\x1b\n")
      const port = /connected to 127\.0\.0\.1:(\d+)/.exec(log)![1]!
      expect(log).toContain(` #1     received "a\\tb\\u001b" from 127.0.0.1:${port}\n`)
      expect(log).toContain(` #1     sending "a\\tb\\u001b" to 127.0.0.1:${port}\n`)
      expect(log).not.toContain("\x1b")
    }))

  it.live("aligns what it tells a person, with times from the start", () =>
    Effect.gen(function*() {
      const lines = (yield* logged(["--log-format", "pretty"])).trimEnd().split("\n")
      for (const line of lines) expect(line).toMatch(/^ *\+\d+\.\d{3}s {2}(#1 {4}| {6}) [a-z]/)
      expect(new Set(lines.map((line) => line.indexOf("s  ")))).toEqual(new Set([10]))
    }))

  it.live("tells JSON to programs, an object a line", () =>
    Effect.gen(function*() {
      const lines = (yield* logged(["--log-format", "json"])).trim().split("\n").map((line) =>
        JSON.parse(line) as unknown
      )
      expect(lines[0]).toMatchObject({ logLevel: "INFO", annotations: { event: "accepted", id: 1, open: 1 } })
    }))

  it.live("tells nothing but JSON to programs, also of a start that fails, and no more than there is", () =>
    Effect.gen(function*() {
      for (const line of (yield* logged(["--log-format", "json", "--mode", "debug"])).trim().split("\n")) {
        expect(Object.keys(JSON.parse(line) as object)).toEqual(["message", "logLevel", "timestamp", "annotations"])
      }
      const faults: ReadonlyArray<readonly [args: ReadonlyArray<string>, env: Readonly<Record<string, string>>]> = [
        [["select", "--host", "192.0.2.1", "--log-format", "json"], {}],
        [["select", "--port", "x", "--log-format=json"], {}],
        [["selct"], { SWITCHBOARD_LOG_FORMAT: "json" }]
      ]
      for (const [args, env] of faults) {
        const { code, stderr } = yield* Switchboard.run(["serve", ...args], { env })
        expect(code).toBeGreaterThan(0)
        expect(JSON.parse(stderr)).toMatchObject({ logLevel: "ERROR", annotations: { event: "ended" } })
      }
    }))

  it.live("tells no less than --log-level asks for", () =>
    Effect.gen(function*() {
      expect(yield* logged(["--log-level", "warning"])).toBe("")
      expect(yield* logged(["--log-level", "info", "--mode", "debug"])).not.toMatch(/event=(request|reply|listening)/)
    }))

  it.scopedLive("tells of the refused", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["single"])
      const first = yield* Peer.connect(server.port)
      yield* first.send("1\n")
      yield* first.received(2)
      yield* Peer.connect(server.port)
      yield* server.stderr.find(/level=WARN message="refused 127\.0\.0\.1:\d+: the limit on clients is reached"/)
    }))

  it.scopedLive.each(
    [
      ["in colour", { TERM: "xterm" }, true],
      ["plainly, with NO_COLOR", { TERM: "xterm", NO_COLOR: "1" }, false]
    ] as const
  )(
    "on a terminal speaks %s",
    ([, env, isColoured]) =>
      Effect.gen(function*() {
        const { exit, port, stdout } = yield* Switchboard.serve(["once"], { env, isTerminal: true })
        const peer = yield* Peer.connect(port)
        peer.socket.end("1 + 1\n")
        yield* exit
        expect(stdout.text).toMatch(/\+\d\.\d{3}s.*connected to 127\.0\.0\.1/)
        expect(stdout.text.includes("\x1b[")).toBe(isColoured)
      })
  )
})

/** Waits until there is no such process. */
const ended = (pid: number): Effect.Effect<boolean> =>
  Effect.repeat(Effect.sync(() => /^State:\tZ/m.test(statusOf(pid))), { until: (isOver) => isOver })

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8")
  } catch {
    return "State:\tZ"
  }
}

describe("A server whose log takes nothing", () => {
  it.scopedLive("37. A server whose log comes faster than it can be written drops lines, counts them, and answers everybody", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "echo", "--mode", "debug"])
      yield* ask(server.port, 100_000)
      yield* server.stderr.find(/event=dropped count=\d+|count=\d+ event=dropped/)
      yield* server.stderr.find(/event=closed/)
    }))

  it.scopedLive("37. A server serves on while nobody reads its log, and does not wait for that at its end", () =>
    Effect.gen(function*() {
      const { child, port } = yield* Switchboard.serve(["select", "echo", "--mode", "debug"])
      child.stderr.pause()
      for (let i = 0; i < 100; i++) yield* ask(port, 1000)
      const code = yield* Effect.async<number | null>((resume) => {
        child.once("exit", (code) => resume(Effect.succeed(code)))
        child.kill("SIGINT")
      })
      expect(code).toBe(0)
      child.stderr.resume()
    }))

  it.scopedLive("37. A server serves on when the readers of its log have gone", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "echo", "--mode", "debug"])
      server.child.stderr.destroy()
      server.child.stdout.destroy()
      for (let i = 0; i < 5; i++) yield* ask(server.port, 1000)
      server.child.kill("SIGINT")
      expect((yield* server.exit).code).toBe(0)
    }))

  it.scopedLive("37. A server serves on while its terminal is stopped, tells later what was dropped, and does not wait for it at its end", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(
        `${process.execPath} ${Switchboard.main} serve select echo --port 0 --mode debug; echo "code $?"`
      )
      const [, pid] = yield* terminal.shows(/process (\d+)/)
      const [, port] = /:(\d+) \(/.exec(terminal.text())!
      yield* terminal.type(key.ctrlS)
      for (let i = 0; i < 20; i++) yield* ask(Number(port), 1000)
      yield* terminal.type(key.ctrlQ)
      yield* terminal.shows(/\d+ lines dropped: /)
      yield* terminal.type(key.ctrlS)
      yield* ask(Number(port), 1000)
      process.kill(Number(pid), "SIGTERM")
      yield* ended(Number(pid))
      yield* terminal.type(key.ctrlQ)
      yield* terminal.shows(/code 0/)
    }))

  it.live("37. A server serves on with a full disk", () =>
    Effect.gen(function*() {
      const full = openSync("/dev/full", "w")
      const child = spawn(process.execPath, [Switchboard.main, "serve", "select", "echo", "--port", "0"], {
        cwd: tmpdir(),
        stdio: ["ignore", "pipe", full]
      })
      closeSync(full)
      const port = yield* Effect.async<number>((resume) => {
        child.stdout!.once(
          "data",
          (line: Buffer) => resume(Effect.succeed(Number(/:(\d+) /.exec(line.toString())?.[1])))
        )
      })
      for (let i = 0; i < 5; i++) yield* ask(port, 100)
      const code = yield* Effect.async<number | null>((resume) => {
        child.once("exit", (code) => resume(Effect.succeed(code)))
        child.kill("SIGINT")
      })
      expect(code).toBe(0)
    }))
})
