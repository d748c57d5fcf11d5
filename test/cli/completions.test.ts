import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Switchboard from "./Switchboard.js"

const has = (program: string): boolean => spawnSync("which", [program]).status === 0

for (const program of ["fish", "zsh", "expect"]) {
  if (!has(program)) console.warn(`SKIPPED: completions that need ${program} (apt-get install ${program}).`)
}

const lines: ReadonlyArray<readonly [line: string, words: ReadonlyArray<string>]> = [
  ["switchboard se", ["serve"]],
  ["switchboard serve s", ["select", "single"]],
  ["switchboard serve select c", ["calc", "chars"]],
  ["switchboard serve --port 5000 thr", ["threaded"]],
  ["switchboard serve --framing l", ["line"]],
  ["switchboard serve --max-f", ["--max-frame"]],
  ["switchboard connect rev", ["reverse"]],
  ["switchboard serve --framing=l", ["line"]],
  ["switchboard serve --framing=line --port=5000 thr", ["threaded"]],
  ["switchboard bench --model on", []],
  ["switchboard bench --model=s", ["select", "single"]],
  ["switchboard bench --model=select --mod", ["--model"]],
  ["switchboard bench cha", []],
  ["switchboard serve --terse --ter", []],
  ["switchboard --completions z", ["zsh"]]
]

const sorted = (words: string): ReadonlyArray<string> => words.split(/\s+/).filter((word) => word !== "").toSorted()

/** What a program says to a script on its standard input. */
const ask = (program: string, args: ReadonlyArray<string>, input: string): string => {
  // In a folder without files, which shells would complete, too.
  const cwd = mkdtempSync(join(tmpdir(), "switchboard-"))
  const { status, stderr, stdout } = spawnSync(program, args, { cwd, input, encoding: "utf8" })
  rmSync(cwd, { recursive: true })
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: "" })
  return stdout
}

const bash = (script: string, line: string): ReadonlyArray<string> =>
  sorted(ask(
    "bash",
    ["--norc", "-s"],
    `${script}
COMP_WORDS=(${line.replaceAll("=", " = ")})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_switchboard
echo "\${COMPREPLY[@]}"`
  ))

const fish = (script: string, line: string): ReadonlyArray<string> => {
  const described = ask("fish", ["--no-config", "--command", `${script}\ncomplete -C '${line}'`], "")
  // The option that the value is joined to comes with it.
  return sorted(described.replaceAll(/\t.*/g, "").replaceAll(/^--[a-z-]+=/gm, ""))
}

/** Zsh completes only for a person, so `expect` plays one, who waits for the words. */
const zsh = (script: string, line: string, words: ReadonlyArray<string>): string =>
  ask(
    "expect",
    ["-"],
    `set timeout 10
set env(TERM) dumb
set env(SCRIPT) {${script}}
spawn -noecho zsh -f -i
send {PS1='ready> '; autoload -Uz compinit; compinit -u -D; eval "$SCRIPT"; echo loa''ded}
send "\\r"
expect "loaded\\r" {} default { exit 1 }
expect "ready> " {} default { exit 2 }
send {${line}}
send "\\t"
${words.map((word) => `expect -exact "${word}" {} default { exit 3 }`).join("\n")}
`
  )

const script = (shell: string): Effect.Effect<string> =>
  Effect.map(Switchboard.run(["--completions", shell]), ({ stdout }) => stdout)

describe("switchboard --completions", () => {
  it.live("names the nearest shell when there is none of that name", () =>
    Effect.gen(function*() {
      expect(yield* Switchboard.run(["--completions", "bsh"])).toEqual({
        code: 2,
        stdout: "",
        stderr: "switchboard: There are no completions for 'bsh': did you mean bash?\n"
      })
    }))

  it.live.each(lines)("bash completes %s", ([line, words]) =>
    Effect.map(script("bash"), (script) => {
      expect(bash(script, line)).toEqual(words)
    }))

  it.live("bash completes names of files with spaces, and an option that it was told not to break", () =>
    Effect.map(script("bash"), (script) => {
      const said = ask(
        "bash",
        ["--norc", "-s"],
        `${script}
touch 'my file.html' 'other'
COMP_WORDS=(switchboard demo --report my)
COMP_CWORD=3
_switchboard
printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(switchboard serve --framing=l)
COMP_CWORD=2
_switchboard
printf '%s\\n' "\${COMPREPLY[@]}"`
      )
      expect(said).toBe("my file.html\n--framing=line\n")
    }))

  it.live("bash offers no options after --", () =>
    Effect.map(script("bash"), (script) => {
      expect(bash(script, "switchboard connect calc -- --po")).toEqual([])
    }))

  describe.skipIf(!has("fish"))("where there is fish", () => {
    it.live.each(lines)("fish completes %s", ([line, words]) =>
      Effect.map(script("fish"), (script) => {
        expect(fish(script, line)).toEqual(words)
      }))
  })

  describe.skipIf(!has("zsh") || !has("expect"))("where there are zsh and expect", () => {
    it.live("zsh is made ready to complete, where it is not", () =>
      Effect.map(script("zsh"), (script) => {
        expect(ask("zsh", ["-f"], `${script}\nprint $+functions[compdef]\n`)).toBe("1\n")
      }))

    it.live.each(lines.filter(([, words]) => words.length > 0))(
      "zsh completes %s",
      ([line, words]) =>
        Effect.map(script("zsh"), (script) => {
          const seen = zsh(script, line, words)
          for (const word of words) expect(seen).toContain(word)
        })
    )
  })
})
