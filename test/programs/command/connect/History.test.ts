import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { History, size } from "../../../../src/programs/command/connect/prompt/History.js"

let home = ""
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchboard-"))
  vi.stubEnv("XDG_STATE_HOME", home)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

const add = (lines: ReadonlyArray<string>): void => {
  const history = new History("calc")
  for (const line of lines) expect(history.add(line)).toBeUndefined()
}

describe("History", () => {
  it("has the lines of earlier sessions, the latest first, each once", () => {
    add(["1", "2", "1", "3"])
    expect(new History("calc").lines).toEqual(["3", "1", "2"])
  })

  it("is each protocol's own", () => {
    add(["1"])
    expect(new History("echo").lines).toEqual([])
  })

  it("is read and written by its user alone", () => {
    add(["1"])
    expect(statSync(join(home, "switchboard")).mode & 0o777).toBe(0o700)
    expect(statSync(join(home, "switchboard", "calc.history")).mode & 0o777).toBe(0o600)
  })

  it("keeps its file from growing without end", () => {
    add(Array.from({ length: 2 * size + 1 }, (_, i) => String(i)))
    expect(new History("calc").lines).toHaveLength(size)
    expect(readFileSync(join(home, "switchboard", "calc.history"), "utf8").split("\n")).toHaveLength(size + 1)
  })

  it("is below the home folder where XDG_STATE_HOME is not an absolute path", () => {
    vi.stubEnv("HOME", home)
    for (const nothing of ["", "state"]) {
      vi.stubEnv("XDG_STATE_HOME", nothing)
      add(["1"])
    }
    expect(readFileSync(join(home, ".local/state/switchboard/calc.history"), "utf8")).toBe("1\n1\n")
  })

  it("says why a line is not kept", () => {
    vi.stubEnv("XDG_STATE_HOME", "/dev/null")
    expect(new History("calc").add("1")).toBeInstanceOf(Error)
  })
})
