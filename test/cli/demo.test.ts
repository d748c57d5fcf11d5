// The built `demo`: what a person sees in a terminal, a program in a pipe, and where the report goes.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"
import { key } from "./Terminal.js"

const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"
const lineUp = "\x1b[1A"

const models = ["once", "iterative", "single", "threaded", "select"]

const demo = (...args: ReadonlyArray<string>): string => [process.execPath, Switchboard.main, "demo", ...args].join(" ")

/** All that a terminal showed of a line of shell, once that is over. */
const shown = (line: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function*() {
    const terminal = yield* Terminal.run(`${line}; echo "code $?"`, env)
    const [, code] = yield* terminal.shows(/code (\d+)/)
    return { code: Number(code), text: terminal.text() }
  })

/** How each client's lane ends, model by model. */
const outcomes = (picture: string) =>
  Object.fromEntries(
    picture.split("\n\n").map((panel) => panel.split("\n"))
      .filter((lines) => lines.some((line) => line.includes("client 1 ")))
      .map((lines) => [
        lines[0]!.split(" ")[0]!,
        lines.filter((line) => /^ {2}client \d/.test(line)).map((line) => line.slice(65))
      ])
  )

const everybody = (outcome: string) => Array.from({ length: 5 }, () => outcome)

describe.concurrent("switchboard demo in a pipe", () => {
  it.live("prints one final picture of each model, without colours, and nothing wider than 80 columns", () =>
    Effect.gen(function*() {
      const { code, stdout } = yield* Switchboard.run(["demo", "--speed", "2"])
      expect(code).toBe(0)
      expect(stdout).not.toContain("\x1b")
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
      expect(Object.keys(outcomes(stdout))).toEqual(models)
      expect(outcomes(stdout)).toMatchObject({
        once: ["hung up on", "refused", "refused", "refused", "refused"],
        iterative: everybody("done, 3 answers"),
        threaded: everybody("done, 3 answers"),
        select: everybody("done, 3 answers")
      })
      expect(outcomes(stdout)["single"]).toContain("refused")
    }))

  it.live("shows the models that are named, in that order, and knows no others", () =>
    Effect.gen(function*() {
      const { stdout } = yield* Switchboard.run(["demo", "threaded", "once", "threaded", "--speed", "10"])
      expect(Object.keys(outcomes(stdout))).toEqual(["threaded", "once"])
      expect(yield* Switchboard.run(["demo", "selct"])).toEqual({
        code: 2,
        stdout: "",
        stderr: "switchboard: There is no model 'selct': did you mean select?\n"
      })
    }))

  it.scopedLive("a reader who has seen enough ends it quietly", () =>
    Effect.gen(function*() {
      const { code, text } = yield* shown(`bash -o pipefail -c '${demo("--speed", "10")} 2>&1 | head -1'`)
      expect(text).toMatch(/^Five clients [^\n]*\n/)
      expect(text.split("\n")).toHaveLength(3)
      expect(code).toBe(0)
    }))
})

describe.concurrent("switchboard demo in a terminal", () => {
  it.scopedLive("draws over what it drew, in colours, and gives the cursor back", () =>
    Effect.gen(function*() {
      const { code, text } = yield* shown(demo("--speed", "8"))
      expect(code).toBe(0)
      expect(text).toContain(lineUp)
      expect(text).toContain("\x1b[34m█")
      expect(text.lastIndexOf(showCursor)).toBeGreaterThan(text.lastIndexOf(hideCursor))
    }))

  it.scopedLive("shows a lane while it happens: a client is waiting before it is done", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(demo("--speed", "2"))
      yield* terminal.shows(/iterative/)
      yield* terminal.shows(/client 3.*waiting/)
      yield* terminal.shows(/client 3.*being served/)
      yield* terminal.shows(/client 3.*done, 3 answers/)
    }))

  it.scopedLive("takes the room there is: in 60 columns, no line is broken in two", () =>
    Effect.gen(function*() {
      const { text } = yield* shown(`stty cols 60; ${demo("--speed", "8")}`)
      const lanes = stripVTControlCharacters(text).split("\r\n").filter((line) => line.startsWith("  client "))
      expect(lanes.length).toBeGreaterThan(25)
      expect(Math.max(...lanes.map((line) => line.length))).toBeLessThanOrEqual(60)
    }))

  it.scopedLive("in 40 columns, no line is broken in two, nor is the table", () =>
    Effect.gen(function*() {
      const { text } = yield* shown(`stty cols 40; ${demo("--speed", "8")}`)
      const lines = stripVTControlCharacters(text).split(/\r?\n/)
      expect(lines.filter((line) => line.length > 40)).toEqual([])
      expect(lines.join("\n")).toMatch(/^threaded\n {2}answered +15\n {2}refused +0\n/m)
    }))

  it.scopedLive("on a terminal that obeys nothing, only the final pictures are printed", () =>
    Effect.gen(function*() {
      const { code, text } = yield* shown(demo("--speed", "8"), { TERM: "dumb" })
      expect(code).toBe(0)
      expect(text).not.toContain("\x1b")
      expect(Object.keys(outcomes(text.replaceAll("\r", "")))).toEqual(models)
    }))

  it.scopedLive("with NO_COLOR, shapes alone tell the states apart", () =>
    Effect.gen(function*() {
      const { text } = yield* shown(demo("--speed", "8"), { NO_COLOR: "1" })
      expect(text).toContain(lineUp)
      expect(text).not.toMatch(/\x1b\[[\d;]*m/)
      for (const shape of "○░█·✓✗■") expect(stripVTControlCharacters(text)).toContain(shape)
    }))

  it.scopedLive("Ctrl+C in the middle gives the cursor back, and ends with 130", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(`trap : INT; ${demo()}; echo "code $?"`)
      yield* terminal.shows(/client 2.*waiting/)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/code 130/)
      expect(terminal.text()).not.toContain("threaded")
      expect(terminal.text().lastIndexOf(showCursor)).toBeGreaterThan(terminal.text().lastIndexOf(hideCursor))
    }))

  it.scopedLive("space pauses, and has it go on", () =>
    Effect.gen(function*() {
      const terminal = yield* Terminal.run(`${demo("threaded", "--speed", "2")}; stty -a`)
      yield* terminal.shows(/client 2.*waiting|client 2.*being served/)
      yield* terminal.shows(/space pauses/)
      yield* terminal.type(" ")
      yield* terminal.shows(/paused: space goes on/)
      expect(terminal.text()).not.toMatch(/client 5.*done/)
      yield* terminal.type(" ")
      yield* terminal.shows(/client 5.*done/)
      yield* terminal.shows(/over after/)
      // The terminal is given back as it was.
      yield* terminal.shows(/ icanon/)
    }))

  it.scopedLive("in the background it takes no keys, and goes on", () =>
    Effect.gen(function*() {
      const shell = yield* Terminal.run("bash --norc --noprofile -i")
      yield* shell.type(`${demo("threaded", "--speed", "10")} & wait; echo "code $?"\r`)
      yield* shell.shows(/over after[^]*code 0/)
    }))

  it.scopedLive("Ctrl+Z gives the cursor back, and after fg it goes on", () =>
    Effect.gen(function*() {
      const shell = yield* Terminal.run("bash --norc --noprofile -i")
      yield* shell.type(`${demo("--speed", "2")}\r`)
      yield* shell.shows(/client 2.*waiting/)
      yield* shell.type(key.ctrlZ)
      yield* shell.shows(/Stopped/)
      expect(shell.text().lastIndexOf(showCursor)).toBeGreaterThan(shell.text().lastIndexOf(hideCursor))
      yield* shell.type("fg\r")
      yield* shell.shows(/over after/)
    }))
})

describe.concurrent("switchboard demo --report", () => {
  it.scopedLive("writes a page of one file that asks the network for nothing", () =>
    Effect.gen(function*() {
      const file = join(yield* Terminal.folder, "demo.html")
      const { code } = yield* Switchboard.run(["demo", "--speed", "10", "--report", file])
      expect(code).toBe(0)
      const page = readFileSync(file, "utf8")
      for (const model of models) expect(page).toContain(`<section id="${model}">`)
      expect(page).not.toMatch(/https?:|src=|@import|url\(/)
    }))

  it.live("says before the demo that a file cannot be written, not after it", () =>
    Effect.gen(function*() {
      expect(yield* Switchboard.run(["demo", "--report", "/nowhere/x"])).toEqual({
        code: 2,
        stdout: "",
        stderr:
          "switchboard: The report cannot be written to /nowhere/x (there is no such folder): choose another file.\n"
      })
      expect(existsSync("/nowhere")).toBe(false)
    }))
})
