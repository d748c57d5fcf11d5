import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
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
      expect(printed(stdout, "idle")).toEqual(["client", "default"])
    }))

  it.scopedLive.each<readonly [extension: string, text: string]>([
    ["json", `{ "log-level": "error" }`],
    ["yaml", "log-level: error\n"],
    ["yml", "log-level: error\n"],
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
    ["an unknown name", "pport: 5000\n", "have no 'pport': did you mean port?"],
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

  it.scopedLive("a file of comments alone says nothing", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.yaml": "# port: 5000\n" })
      const { code, stdout } = yield* Switchboard.run(["serve", "--print-config"], { cwd })
      expect(code).toBe(0)
      expect(printed(stdout, "port")).toEqual(["1234", "default"])
    }))

  it.scopedLive.each<readonly [name: string, text: string, line: RegExp]>([
    ["switchboard.json", `{\n  "port": 1,\n}`, /in line 3\.$/],
    ["switchboard.yaml", "port: 1\nmode: [\n", /at line \d, column \d\.$/],
    ["switchboard.toml", "port = 1\nmode =\n", /in line 2\.$/],
    ["switchboard.toml", "port = 1\nport = 2\n", /in line 2\.$/]
  ])("a fault in %s is told with its line", ([name, text, line]) =>
    Effect.gen(function*() {
      const cwd = yield* folder({ [name]: text })
      const { code, stderr } = yield* Switchboard.run(["serve", "--print-config"], { cwd })
      expect(code).toBe(2)
      expect(stderr).toMatch(/^switchboard: The settings in \S+ could not be understood: .*\n$/)
      expect(stderr.trimEnd()).toMatch(line)
    }))

  it.scopedLive("two files in one place are one too many", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.json": "{}", "switchboard.yml": "" })
      expect(yield* Switchboard.run(["serve", "--print-config"], { cwd })).toEqual({
        code: 2,
        stdout: "",
        stderr: `switchboard: There are two settings files, ${join(cwd, "switchboard.json")} and ${
          join(cwd, "switchboard.yml")
        }: keep one.\n`
      })
    }))

  it.scopedLive("--config takes one file, wherever it is, and looks at no other", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.json": `{ "port": 1, "mode": "debug" }`, "other.toml": "port = 2" })
      for (const words of [["--config", "other.toml"], ["--config=other.toml"]]) {
        const { stdout } = yield* Switchboard.run(["serve", "--print-config", ...words], { cwd })
        expect(printed(stdout, "port")).toEqual(["2", join(cwd, "other.toml")])
        expect(printed(stdout, "mode")).toEqual(["user", "default"])
      }
      for (
        const [file, sentence] of [
          ["none.json", "There is no settings file none.json."],
          [".", "The settings file . is a folder."],
          [
            "main.js",
            "The settings in main.js could not be understood: its name must end in .json, .yaml, .yml, .toml."
          ]
        ] as const
      ) {
        writeFileSync(join(cwd, "main.js"), "")
        expect(yield* Switchboard.run(["serve", "--print-config", "--config", file], { cwd })).toEqual({
          code: 2,
          stdout: "",
          stderr: `switchboard: ${sentence.replace("in main.js", `in ${join(cwd, "main.js")}`)}\n`
        })
      }
    }))

  it.scopedLive("may name the model and the protocol, which the words of the command line come before", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.yaml": "model: select\nprotocol: echo\n" })
      const file = yield* Switchboard.serve([], { cwd })
      yield* file.stdout.find(/\(select, echo\)/)
      const environment = yield* Switchboard.serve([], { cwd, env: { SWITCHBOARD_PROTOCOL: "reverse" } })
      yield* environment.stdout.find(/\(select, reverse\)/)
      const words = yield* Switchboard.serve(["threaded"], { cwd })
      yield* words.stdout.find(/\(threaded, echo\)/)
    }))
})

describe("A working directory that somebody else made", () => {
  it.scopedLive.each<readonly [what: string, make: string, sentence: string]>([
    ["a pipe", "mkfifo switchboard.json", "is no regular file: a pipe or a device is not read."],
    [
      "a link to an endless device",
      "ln -s /dev/zero switchboard.json",
      "is no regular file: a pipe or a device is not read."
    ],
    ["a folder", "mkdir switchboard.json", "is a folder."],
    ["a link to itself", "ln -s switchboard.json switchboard.json", "is a link that leads back to itself."],
    ["a file of more than 1 MiB", "head -c 1048577 /dev/zero > switchboard.json", "is larger than 1 MiB."]
  ])("%s in the place of the settings is a mistake", ([, make, sentence]) =>
    Effect.gen(function*() {
      const cwd = yield* folder({})
      execFileSync("sh", ["-c", make], { cwd })
      expect(yield* Switchboard.run(["serve", "--print-config"], { cwd })).toEqual({
        code: 2,
        stdout: "",
        stderr: `switchboard: The settings file ${join(cwd, "switchboard.json")} ${sentence}\n`
      })
    }))

  it.scopedLive.each<readonly [what: string, settings: Readonly<Record<string, string>>]>([
    ["a name", { "\x1b[2J\x9b\u202e": "1" }],
    ["a value", { mode: "\x1b[2J\x9b\u202e" }]
  ])("escapes in %s never reach the terminal as they are", ([, settings]) =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.json": JSON.stringify(settings) })
      const { code, stderr } = yield* Switchboard.run(["serve", "--print-config"], { cwd })
      expect(code).toBe(2)
      expect(stderr).toContain("\\x1b[2J\\x9b\\u202e")
      expect(stderr).toMatch(/^[\x20-\x7e]*\n$/)
    }))

  it.scopedLive("escapes in a host are shown as such", () =>
    Effect.gen(function*() {
      const cwd = yield* folder({ "switchboard.json": `{ "host": "\\u001b[2J" }` })
      const { stdout } = yield* Switchboard.run(["serve", "--print-config"], { cwd })
      expect(printed(stdout, "host")).toEqual(["\\x1b[2J", join(cwd, "switchboard.json")])
    }))

  it.scopedLive.each<readonly [line: string, name: string, sentence: string]>([
    ["serve select clac", "clac", "There is no protocol 'clac': did you mean calc?"],
    ["bench clac", "clac", "There is no protocol 'clac': did you mean calc?"]
  ])("%s runs no file that is called so", ([line, name, sentence]) =>
    Effect.gen(function*() {
      const cwd = yield* folder({ [name]: "process.exit(42)\n" })
      expect(yield* Switchboard.run(line.split(" "), { cwd })).toEqual({
        code: 2,
        stdout: "",
        stderr: `switchboard: ${sentence}\n`
      })
    }))
})
