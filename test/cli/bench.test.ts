import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { stripVTControlCharacters } from "node:util"
import type { Report } from "../../src/programs/command/bench/Report.js"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"

const short = ["--duration", "300ms", "--warm-up", "100ms", "--connections", "5"]

/** Waits for a process's first child. */
const firstChild = (parent: number): Effect.Effect<number> =>
  Effect.repeat(Effect.sync(() => Number(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8"))), {
    until: (pid) => pid > 0
  })

describe("switchboard bench", () => {
  it.live("measures each model in turn, and says it in figures that belong together", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* Switchboard.run(["bench", "echo", "--json", "--depth", "2", ...short])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const report = JSON.parse(stdout) as Report
      expect(report.setup).toEqual({
        protocol: "echo",
        messages: ["hello"],
        framing: "line",
        depth: 2,
        seconds: 0.3,
        warmUpSeconds: 0.1
      })
      expect(report.versions.node).toBe(process.versions.node)
      expect(report.results.map(({ connections, server }) => [server, connections])).toEqual([
        ["threaded", 5],
        ["select", 5],
        ["iterative", 1],
        ["single", 1]
      ])
      for (
        const { bytesReceived, connections, errors, latency, replies, requestsPerSecond, seconds } of report.results
      ) {
        expect(errors).toEqual({})
        expect(replies).toBeGreaterThan(0)
        expect(requestsPerSecond).toBeCloseTo(replies / seconds)
        expect(Math.abs(bytesReceived - replies * "hello\n".length)).toBeLessThanOrEqual(
          connections * 2 * "hello\n".length
        )
        const { percentiles } = latency
        const inOrder = [latency.min, ...["50", "75", "90", "99", "99.9", "99.99"].map((at) => percentiles[at]!)]
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
        expect(latency.distribution[0]![0]).toBe(0)
      }
    }))

  it.scopedLive("measures a running server, in words", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["threaded", "reverse"])
      const { code, stderr, stdout } = yield* Switchboard.run([
        "bench",
        "reverse",
        "--port",
        `${port}`,
        "--message",
        "öl",
        "--message",
        "ADVANCE",
        "--rate",
        "500",
        ...short
      ])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(`127.0.0.1:${port}, 5 connections: reverse, 2 messages, line framing`)
      expect(stdout).toMatch(/^ {2}requests\/s +[\d,]+$/m)
      expect(stdout).toMatch(/^ {4}99\.99 % +[\d.]+ (µs|ms|s)$/m)
      expect(stdout).toMatch(/^ {2}errors +(none|[\d,]+ requests? due and never sent)$/m)
    }))

  it.live("keeps one line alive on a terminal, and clears it away for the figures", () =>
    Effect.gen(function*() {
      const command = `${process.execPath} ${Switchboard.main} bench --model select ${short.join(" ")}`
      const output = yield* Effect.async<string>((resume) => {
        execFile("script", ["--quiet", "--command", `stty cols 120 rows 24; ${command}`, "/dev/null"], (_, stdout) => {
          resume(Effect.succeed(stdout))
        })
      })
      expect(output).toMatch(/select [█░]{20} (warming up|measuring), [\d,]+ requests\/s, 99 % within/)
      expect(stripVTControlCharacters(output.slice(output.lastIndexOf("\x1b[G")))).toMatch(
        /^select, 5 connections: calc/
      )
      expect(output.lastIndexOf("\x1b[?25h")).toBeGreaterThan(output.lastIndexOf("\x1b[?25l"))
    }))

  it.live("puts the models side by side", () =>
    Effect.gen(function*() {
      const { code, stdout } = yield* Switchboard.run([
        "bench",
        "--compare",
        "--model",
        "select",
        "--model",
        "single",
        ...short
      ])
      expect(code).toBe(0)
      expect(stdout).toMatch(/│ server +│ connections │ requests\/s │/)
      expect(stdout).toMatch(/│ select +│ +5 │ +[\d,]+ │/)
      expect(stdout).toMatch(/│ single +│ +1 │ +[\d,]+ │/)
    }))

  it.scopedLive("puts them below each other where there is no room for a table", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(
        `${process.execPath} ${Switchboard.main} bench --compare --model select ${short.join(" ")}; echo "code $?"`
      )
      yield* terminal.shows(/code 0/)
      const text = stripVTControlCharacters(terminal.text())
      const lines = text.slice(text.lastIndexOf("calc, 1 message")).split(/\r?\n/)
      expect(lines.filter((line) => line.length > 80)).toEqual([])
      expect(lines.join("\n")).toMatch(/^select\n {2}connections +5\n {2}requests\/s +[\d,]+\n {2}50 % +\d/m)
      expect(lines.join("\n")).not.toMatch(/[│┌]/)
    }))

  it.scopedLive("speaks without newlines to a server that does not know them", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select", "calc", "--framing", "chunk"])
      const { code, stdout } = yield* Switchboard.run([
        "bench",
        "--port",
        `${port}`,
        "--framing",
        "chunk",
        "--json",
        ...short
      ])
      expect(code).toBe(0)
      expect((JSON.parse(stdout) as Report).results[0]).toMatchObject({ errors: {} })
    }))

  it.live("expects of calc what it was asked to say", () =>
    Effect.gen(function*() {
      const terse = ["bench", "calc", "--model", "select", "--message", "1/0", "--json", ...short]
      const flag = yield* Switchboard.run([...terse, "--terse"])
      const environment = yield* Switchboard.run(terse, { env: { SWITCHBOARD_TERSE: "true" } })
      expect([flag, environment]).toMatchObject([{ code: 0, stderr: "" }, { code: 0, stderr: "" }])
    }))

  it.scopedLive("counts every wrong reply, and fails for it", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select", "reverse"])
      const { code, stderr, stdout } = yield* Switchboard.run([
        "bench",
        "echo",
        "--port",
        `${port}`,
        "--json",
        ...short
      ])
      const { errors, replies } = (JSON.parse(stdout) as Report).results[0]!
      expect(errors.WrongReply).toBeGreaterThanOrEqual(replies)
      expect(code).toBe(1)
      expect(stderr).toBe(
        `switchboard: The server at 127.0.0.1:${port} gave ${errors.WrongReply} wrong replies, the first 'olleh' instead of 'hello': is it another protocol?\n`
      )
    }))

  it.scopedLive("says so when the server dies in the middle", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "echo", "--mode", "debug"])
      const bench = yield* Switchboard.start(
        ["bench", "echo", "--port", `${server.port}`, "--connections", "1", "--duration", "20s"]
      )
      // Before its first reply, a server that goes is one that refuses.
      yield* server.stderr.find(/event=reply[^]*event=reply/)
      server.child.kill("SIGKILL")
      expect(yield* bench.exit).toEqual({ code: 5, signal: null })
      expect(bench.stdout.text).toBe("")
      expect(bench.stderr.text).toMatch(/^switchboard: The (connection to|server at) 127\.0\.0\.1:\d+ .*\n$/)
    }))

  it.scopedLive.each([["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const)(
    "stopped by %s, says what it has measured so far, marks it as cut short, and ends with %i",
    ([signal, code]) =>
      Effect.gen(function*() {
        const server = yield* Switchboard.serve(["select", "echo"])
        const bench = yield* Switchboard.start(
          ["bench", "echo", "--json", "--port", `${server.port}`, "--duration", "1h", "--warm-up", "0s"]
        )
        yield* server.stderr.find(/event=accepted/)
        // By the time another client is answered, so are the bench's first requests.
        yield* Switchboard.run(["connect", "echo", "x", "--port", `${server.port}`])
        bench.child.kill(signal)
        expect((yield* bench.exit).code).toBe(code)
        const report = JSON.parse(bench.stdout.text) as Report
        expect(report).toMatchObject({ isCutShort: true, results: [{ isCutShort: true, errors: {} }] })
        expect(report.results[0]!.replies).toBeGreaterThan(0)
      })
  )

  it.scopedLive("stopped before it has measured anything, says so as JSON, too", () =>
    Effect.gen(function*() {
      const bench = yield* Switchboard.start(["bench", "--model", "select", "--json", "--warm-up", "1h"])
      yield* firstChild(bench.child.pid!)
      bench.child.kill("SIGTERM")
      expect((yield* bench.exit).code).toBe(143)
      expect(JSON.parse(bench.stdout.text)).toMatchObject({ isCutShort: true, results: [] })
    }))

  it.scopedLive("leaves no server behind when it is stopped", () =>
    Effect.gen(function*() {
      const bench = yield* Switchboard.start(["bench", "--model", "select", "--duration", "20s", "--warm-up", "0s"])
      const server = yield* firstChild(bench.child.pid!)
      bench.child.kill("SIGINT")
      yield* bench.exit
      expect(() => process.kill(server, 0)).toThrow("ESRCH")
    }))

  const refusals: ReadonlyArray<readonly [args: string, code: number, sentence: RegExp]> = [
    ["nope", 2, /There is no protocol 'nope'/],
    ["chars", 2, /chars is not spoken in lines of text/],
    ["--model once", 2, /once ends with its first answer/],
    ["--model selct", 2, /did you mean select\?/],
    ["--model select --port 1234", 2, /--model does not go with --port/],
    ["--connections 0", 2, /--connections must be a whole number/],
    ["--rate fast", 2, /--rate must be a whole number/],
    ["--duration never", 2, /--duration must/],
    ["--framing chunk --depth 2", 2, /--depth must be 1/],
    ["--connections 60000 --depth 10000", 2, /--connections times --depth must be 10000000 at the most/],
    ["--json --compare", 2, /--json and --compare do not go together/],
    ["--report /dev/null/bench.html", 2, /cannot be written to \/dev\/null\/bench\.html/],
    ["--port 1", 3, /Nothing listens on 127\.0\.0\.1:1/]
  ]
  it.live.each(refusals)("%s: exit %i, and one sentence", ([args, code, sentence]) =>
    Effect.gen(function*() {
      const ended = yield* Switchboard.run(["bench", ...args.split(" ")])
      expect(ended).toMatchObject({ code, stdout: "" })
      expect(ended.stderr).toMatch(sentence)
      expect(ended.stderr).toMatch(/^switchboard: .*\n$/)
    }))
})
