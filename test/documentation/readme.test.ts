// Ensure that the README's commands print what it says they print, and that its tables are those of the sources.
import { describe, expect, it } from "@effect/vitest"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { createInterface } from "node:readline/promises"
import { fileURLToPath } from "node:url"
import { meanings } from "../../src/programs/command/cli/ExitCode.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = (file: string): string => readFileSync(`${root}/${file}`, "utf8")
const readme = text("README.md")

const hasNetcat = spawnSync("nc", ["-h"]).error === undefined
if (!hasNetcat) console.warn("SKIPPED: the README's command with nc (apt-get install netcat-openbsd).")

/** The rows of the table with this head, without the head. */
const rows = (document: string, head: string): ReadonlyArray<string> => {
  const lines = document.split("\n").map((line) => line.replace(/^ \* /, ""))
  const start = lines.indexOf(head)
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"))
  return lines.slice(start + 2, end)
}

describe("the README", () => {
  it("prints the models and the exit codes as the sources have them", () => {
    const models = "| model | engine | at once | the next one | ends |"
    expect(rows(readme, models)).toEqual(rows(text("src/programs/server/Model.ts"), models))
    const codes = "| code | meaning |"
    expect(rows(readme, codes)).toEqual(meanings.map(([code, meaning]) => `| ${code} | ${meaning} |`))
  })

  it("prints the name and the default of every setting of serve", () => {
    const printed = rows(readme, "| flag | environment | default | |").map((row) =>
      Array.from(row.matchAll(/`([^`]*)`/g), ([, code]) => code!).slice(0, 3)
    )
    const printedBy = execFileSync(process.execPath, ["dist/main.js", "serve", "--print-config"], {
      cwd: root,
      encoding: "utf8"
    })
    const actual = printedBy.trim().split("\n").map((line) => {
      const [name = "", fallback] = line.trim().split(/ {2,}/)
      const isArgument = name === "model" || name === "protocol"
      return [
        isArgument ? name.toUpperCase() : `--${name}`,
        `SWITCHBOARD_${name.replaceAll("-", "_").toUpperCase()}`,
        fallback
      ]
    })
    expect(printed).toEqual(actual)
  })

  it("links to nothing that is not there", () => {
    const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, path]) => path!)
    expect(links.filter((path) => !existsSync(`${root}/${path}`))).toEqual([])
    expect(links.length).toBeGreaterThan(5)
  })

  it("shows commands that print what it says", async () => {
    const server = spawn(process.execPath, ["dist/main.js", "serve", "select", "--port", "0"], { cwd: root })
    try {
      const { value: listening } = await createInterface(server.stdout)[Symbol.asyncIterator]().next()
      const port = /:(\d+) /.exec(listening)![1]!
      const blocks = Array.from(readme.matchAll(/^```console\n([^]*?)^```$/gm), ([, block]) => block!)
      expect(blocks.length).toBeGreaterThan(1)
      // What the README has its reader's shell told.
      const told = /^switchboard\(\) .*$/m.exec(readme)![0]
      const path = `${dirname(process.execPath)}:${process.env["PATH"]}`
      for (const block of blocks) {
        if (block.includes("| nc ") && !hasNetcat) continue
        const commands = Array.from(block.matchAll(/^\$ (.*)$/gm), ([, command]) => command!)
        const script = commands.map((command) => `echo ${quoted(`$ ${command}`)}\n${command.replace("1234", port)}`)
        const printed = execFileSync("bash", [
          "-c",
          `exec 2>&1\n${told}\n${script.join("\n")}`
        ], { cwd: root, encoding: "utf8", env: { ...process.env, PATH: path, SWITCHBOARD_PORT: port } })
        expect(printed).toBe(block)
      }
    } finally {
      server.kill("SIGKILL")
    }
  })
})

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
