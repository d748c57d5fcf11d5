// The built command: what a person sees in a terminal, a program in a pipe.
import { describe, expect, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"

const command = new URL("../../../dist/main.js", import.meta.url).pathname

const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"
const lineUp = "\x1b[1A"

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a program; `onOutput` sees all it has said so far, and may type. */
const runProgram = (
  program: string,
  args: ReadonlyArray<string>,
  env: Record<string, string> = {},
  onOutput: (soFar: string, type: (keys: string) => void) => void = () => {}
): Promise<Ended> =>
  new Promise((resolve) => {
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
    const child = spawn(program, args, { env: { ...inherited, TERM: "xterm-256color", ...env } })
    let output = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text
      onOutput(output, (keys) => child.stdin.write(keys))
    })
    child.on("close", (code) => resolve({ code, output }))
  })

const inPipe = (...args: ReadonlyArray<string>) => runProgram(process.execPath, [command, "demo", ...args])

/** In a pseudo-terminal of 80 columns, made by `script`. */
const inTerminal = (
  args: string,
  env?: Record<string, string>,
  onOutput?: (soFar: string, type: (keys: string) => void) => void
) =>
  runProgram(
    "script",
    [
      "--quiet",
      "--return",
      "--command",
      `stty cols 80 rows 24; ${process.execPath} ${command} demo ${args}`,
      "/dev/null"
    ],
    env,
    onOutput
  )

/** How each client's lane ends, model by model. */
const outcomes = (picture: string) =>
  Object.fromEntries(
    picture.split("\n\n").map((panel) => panel.split("\n")).filter((lines) =>
      lines.some((line) => /client 1/.test(line))
    )
      .map((lines) => [
        lines[0]!.split(" ")[0]!,
        lines.filter((line) => /^ {2}client \d/.test(line)).map((line) => /(\S+ )*\S+$/.exec(line.slice(65))?.[0])
      ])
  )

const everybody = (outcome: string) => Array.from({ length: 5 }, () => outcome)

describe.concurrent("switchboard demo in a pipe", () => {
  it("prints one final picture of each model, without colours, and nothing wider than 80 columns", async () => {
    const { code, output } = await inPipe("--speed", "2")
    expect(code).toBe(0)
    expect(output).not.toContain("\x1b")
    expect(Math.max(...output.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(outcomes(output)).toMatchObject({
      once: ["hung up on", "refused", "refused", "refused", "refused"],
      iterative: everybody("done, 3 answers"),
      threaded: everybody("done, 3 answers"),
      select: everybody("done, 3 answers")
    })
    expect(outcomes(output)["single"]).toContain("refused")
  })

  it("a reader who has seen enough ends it quietly", async () => {
    const { code, output } = await runProgram("bash", [
      "-o",
      "pipefail",
      "-c",
      `${process.execPath} ${command} demo --speed 10 2>&1 | head -1`
    ])
    expect(output).toMatch(/^Five clients [^\n]*\n$/)
    expect(code).toBe(0)
  })
})

describe.concurrent("switchboard demo in a terminal", () => {
  it("draws over what it drew, in colours, and gives the cursor back", async () => {
    const { code, output } = await inTerminal("--speed 8")
    expect(code).toBe(0)
    expect(output).toContain(lineUp)
    expect(output).toContain("\x1b[34m█")
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.lastIndexOf(hideCursor))
  })

  it("shows a lane while it happens: a client is waiting before it is done", async () => {
    const { output } = await inTerminal("--speed 2")
    const iterative = output.slice(output.indexOf("iterative"))
    const waits = iterative.search(/client 3.*waiting/)
    expect(waits).toBeGreaterThan(0)
    expect(iterative.search(/client 3.*done/)).toBeGreaterThan(waits)
  })

  it("with NO_COLOR, shapes alone tell the states apart", async () => {
    const { output } = await inTerminal("--speed 8", { NO_COLOR: "1" })
    expect(output).toContain(lineUp)
    expect(output).not.toMatch(/\x1b\[[\d;]*m/)
    for (const shape of "○░█·✓✗■") expect(stripVTControlCharacters(output)).toContain(shape)
  })

  it("Ctrl+C in the middle gives the cursor back", async () => {
    let isTyped = false
    const { output } = await inTerminal("", {}, (soFar, type) => {
      if (isTyped || !/client 2.*waiting/.test(soFar)) return
      isTyped = true
      type("\x03")
    })
    expect(isTyped).toBe(true)
    expect(output).not.toContain("threaded")
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.lastIndexOf(hideCursor))
  })
})

describe.concurrent("switchboard demo --report", () => {
  it("writes a page of one file that asks the network for nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "switchboard-"))
    const file = join(folder, "demo.html")
    try {
      const { code } = await inPipe("--speed", "10", "--report", file)
      expect(code).toBe(0)
      const page = readFileSync(file, "utf8")
      for (const model of ["once", "iterative", "single", "threaded", "select"]) {
        expect(page).toContain(`<section id="${model}">`)
      }
      expect(page).not.toMatch(/https?:|src=|@import|url\(/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("says before the demo that a file cannot be written, not after it", async () => {
    const { code, output } = await runProgram("bash", [
      "-c",
      `${process.execPath} ${command} demo --report /nowhere/x 2>&1`
    ])
    expect(output).toBe("switchboard: The report cannot be written to /nowhere/x (NotFound): choose another file.\n")
    expect(code).toBe(1)
    expect(existsSync("/nowhere")).toBe(false)
  })
})
