// Ensure that docs/deploying.md can be followed from top to bottom: its blocks of commands are one session of a shell.
import { describe, expect, it } from "@effect/vitest"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const page = readFileSync(`${root}/docs/deploying.md`, "utf8")

/** A command, and what it is to print: … stands for anything, also for lines. */
interface Step {
  readonly command: string
  readonly prints: string
}

const steps: ReadonlyArray<Step> = Array.from(page.matchAll(/^```console\n([^]*?)^```$/gm), ([, block]) => block!)
  .flatMap((block) => block.split(/^\$ /m).slice(1))
  .map((text) => {
    const [command = "", ...prints] = text.split("\n")
    return { command, prints: prints.join("\n") }
  })

const matching = (text: string): RegExp =>
  new RegExp(`^${text.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*?")}$`)

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}

/** Programs that need not be here. */
const missing = ["curl", "openssl", "systemd-analyze"].filter((program) =>
  spawnSync(program, ["--version"]).error !== undefined
)
if (missing.length > 0) console.warn(`SKIPPED: the steps of docs/deploying.md that take ${missing.join(", ")}.`)

/** Runs each in turn, in one shell: one that goes on in the background is waited for until it listens. */
const script = (steps: ReadonlyArray<Step>): string =>
  [
    "exec 2>&1",
    ...steps.flatMap(({ command }, i) => [
      ...(command.endsWith(" &")
        ? [
          `: > started`,
          `${command.slice(0, -2)} > started &`,
          "until grep -q listening started || ! kill -0 $!; do sleep 0.05; done",
          "cat started"
        ]
        : [command]),
      `echo; echo "=== ${i}"`
    ]),
    "kill $(jobs -p) 2> /dev/null"
  ].join("\n")

describe("docs/deploying.md", () => {
  it("can be followed: its commands print what it says, from top to bottom, in one shell", async () => {
    expect(steps.length).toBeGreaterThan(8)
    const [port, admin] = [String(await freePort()), String(await freePort())]
    const here = (text: string): string => text.replaceAll("1234", port).replaceAll("9090", admin)
    const folder = mkdtempSync(`${tmpdir()}/switchboard-`)
    try {
      symlinkSync(join(root, "docs"), join(folder, "docs"))
      const command = `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/main.js' "$@"\n`
      writeFileSync(join(folder, "switchboard"), command, { mode: 0o755 })
      const child = spawn("bash", ["-c", here(script(steps))], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env["PATH"]}`, HOME: "/nonexistent", XDG_CONFIG_HOME: "/nonexistent" },
        stdio: ["ignore", "pipe", "inherit"]
      })
      let text = ""
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => text += chunk)
      await once(child, "close")
      const printed = text.split(/\n=== \d+\n/).slice(0, -1)
      expect(printed).toHaveLength(steps.length)
      for (const [i, { command, prints }] of steps.entries()) {
        if (missing.some((program) => command.includes(program))) continue
        expect([command, printed[i]!.trimEnd()]).toEqual([
          command,
          expect.stringMatching(matching(here(prints.trimEnd())))
        ])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)

  it("says of each other block what runs it, or why nothing does", () => {
    const blocks = Array.from(
      page.matchAll(/^(.*)\n```(\w+)\n/gm),
      ([, before, language]) => ({ before: before!, language })
    )
      .filter(({ language }) => language !== "console")
    const marks = blocks.map(({ before }) => /^<!-- (?:run by: (\S+?),?|not run:) .*-->$/.exec(before))
    expect(blocks.filter((_, i) => marks[i] === null)).toEqual([])
    expect(marks.flatMap((mark) => mark?.[1] ?? []).filter((file) => !existsSync(`${root}/${file}`))).toEqual([])
  })

  it("names no file that is not there", () => {
    const named = Array.from(
      page.matchAll(/\]\(([^)#:]+)\)|\b(docs\/[\w./-]+)/g),
      ([, link, path]) => path ?? `docs/${link}`
    )
    expect(named.length).toBeGreaterThan(4)
    expect(named.filter((path) => !existsSync(`${root}/${path}`))).toEqual([])
  })
})
