import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Switchboard from "./Switchboard.js"

/** A folder with these files. */
const folder = (files: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const path = mkdtempSync(join(tmpdir(), "switchboard-"))
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true })
        writeFileSync(join(path, name), text)
      }
      return path
    }),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  )

/** What `--print-config` says of a setting: its value, and where that comes from. */
const printed = (stdout: string, name: string): ReadonlyArray<string> | undefined =>
  stdout.split("\n").map((line) => line.split(/ {2,}/)).find(([first]) => first === name)?.slice(1)

describe("Settings", () => {
  it.scopedLive("a flag comes before the environment, that before the file, and that before the default", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.json": `{ "port": 1, "mode": "debug", "at-limit": "refuse" }` })
      const env = { SWITCHBOARD_PORT: "2", SWITCHBOARD_MODE: "user" }
      const { code, stderr, stdout } = yield* Switchboard.run(["serve", "--print-config", "--port", "3"], { cwd, env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(printed(stdout, "port")).toEqual(["3", "--port"])
      expect(printed(stdout, "mode")).toEqual(["user", "SWITCHBOARD_MODE"])
      expect(printed(stdout, "at-limit")).toEqual(["refuse", join(cwd, "switchboard.json")])
      expect(printed(stdout, "host")).toEqual(["127.0.0.1", "default"])
    }))

  it.scopedLive.each<readonly [extension: string, text: string]>([
    ["json", `{ "log-level": "error" }`],
    ["yaml", "log-level: error\n"],
    ["toml", `log-level = "error"\n`]
  ])(
    "may be written as %s, in the working directory or the XDG config folder",
    ([extension, text]) =>
      Effect.gen(function*() {
        const path = yield* folder({ [`switchboard.${extension}`]: text })
        const here = yield* Switchboard.run(["serve", "--print-config"], { cwd: path })
        const there = yield* Switchboard.run(["serve", "--print-config"], { env: { XDG_CONFIG_HOME: path } })
        for (const { stdout } of [here, there]) {
          expect(printed(stdout, "log-level")).toEqual(["error", join(path, `switchboard.${extension}`)])
        }
      })
  )

  it.scopedLive("are below the home folder where XDG_CONFIG_HOME is not an absolute path", () =>
    Effect.gen(function*() {
      const home = yield* folder({
        ".config/switchboard/switchboard.yaml": "port: 1\n",
        "here/config/switchboard.yaml": "port: 2\n",
        "here/switchboard/switchboard.yaml": "port: 3\n"
      })
      for (const XDG_CONFIG_HOME of ["", "config"]) {
        const env = { HOME: home, XDG_CONFIG_HOME }
        const { stdout } = yield* Switchboard.run(["serve", "--print-config"], { cwd: join(home, "here"), env })
        expect(printed(stdout, "port")).toEqual(["1", join(home, ".config/switchboard/switchboard.yaml")])
      }
    }))

  it.scopedLive("--log-level is a flag like the others", () =>
    Effect.gen(function*() {
      const env = { SWITCHBOARD_LOG_LEVEL: "info" }
      const flag = yield* Switchboard.run(["serve", "--print-config", "--log-level", "warning"], { env })
      expect(printed(flag.stdout, "log-level")).toEqual(["warning", "--log-level"])
      const variable = yield* Switchboard.run(["serve", "--print-config"], { env })
      expect(printed(variable.stdout, "log-level")).toEqual(["info", "SWITCHBOARD_LOG_LEVEL"])
    }))

  it.scopedLive.each<readonly [what: string, text: string, problem: string]>([
    ["an unknown name", "prot: 5000\n", "have no 'prot': did you mean port?"],
    ["a list", "port: [1, 2]\n", "must give 'port' one value."],
    ["no names", "5000\n", "must be names and values, such as port: 5000."],
    ["a fault", "port: [1\n", "could not be understood: "]
  ])("a file with %s is a mistake that names the file", ([, text, problem]) =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.yaml": text })
      const { code, stderr, stdout } = yield* Switchboard.run(["serve", "--print-config"], { cwd })
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      expect(stderr).toContain(`switchboard: The settings in ${join(cwd, "switchboard.yaml")} ${problem}`)
      expect(stderr.split("\n").length).toBe(2)
    }))

  it.scopedLive("a value that will not do is a mistake that names where it stands", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.toml": "port = 99999\n" })
      const path = join(cwd, "switchboard.toml")
      const words = "must be a whole number from 0 to 65535, not '99999'."
      expect((yield* Switchboard.run(["serve", "--print-config"], { cwd })).stderr).toBe(
        `switchboard: 'port' in ${path} ${words}\n`
      )
      expect((yield* Switchboard.run(["serve", "--print-config"], { env: { SWITCHBOARD_PORT: "99999" } })).stderr).toBe(
        `switchboard: SWITCHBOARD_PORT ${words}\n`
      )
    }))
})
