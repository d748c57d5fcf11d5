import { execFileSync } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync
} from "node:fs"
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

  it("mends what others may do with its file and its folder", () => {
    add(["1"])
    const folder = join(home, "switchboard")
    for (const open of [() => add(["2"]), () => new History("calc")]) {
      chmodSync(join(folder, "calc.history"), 0o644)
      open()
      expect(statSync(join(folder, "calc.history")).mode & 0o777).toBe(0o600)
    }
    chmodSync(folder, 0o755)
    add(["3"])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(new History("calc").lines).toEqual(["3", "2", "1"])
  })

  it("follows no link, and waits for no pipe", () => {
    mkdirSync(join(home, "switchboard"))
    const path = join(home, "switchboard", "calc.history")
    const other = join(home, "precious")
    const secrets = "secret\n".repeat(2 * size + 1)
    writeFileSync(other, secrets)
    symlinkSync(other, path)
    expect(new History("calc").lines).toEqual([])
    expect(new History("calc").add("1")?.message).toBe(`${path} is a link, which is not followed`)
    expect(readFileSync(other, "utf8")).toBe(secrets)
    unlinkSync(path)
    execFileSync("mkfifo", [path])
    expect(new History("calc").lines).toEqual([])
    expect(new History("calc").add("1")).toBeInstanceOf(Error)
  })

  it("does not show a terminal again what it would obey", () => {
    add(["1 + 1", "\x1b]0;owned\x07", "2\u202e", "'é'"])
    expect(new History("calc").lines).toEqual(["'é'", "1 + 1"])
  })

  it("reads no more than the end of a file that is larger than it makes one", () => {
    add(["1"])
    const path = join(home, "switchboard", "calc.history")
    writeFileSync(path, `${"x".repeat(2_000_000)}\n1\n2\n`)
    expect(new History("calc").lines).toEqual(["2", "1"])
    expect(readFileSync(path, "utf8")).toBe("1\n2\n")
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
