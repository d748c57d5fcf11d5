// Ensure that what the documentation shows is so.
import { describe, expect, it } from "@effect/vitest"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const said: Record<string, string> = {
  temperature: `threaded: 100 C -> 212 F
threaded: 68 F -> 20 C
threaded: warm -> Write it like 20 C or 68 F.
select: 100 C -> 212 F
select: 68 F -> 20 C
select: warm -> Write it like 20 C or 68 F.
`,
  hypotenuse: `5
13
The calculator said: INVALID STATEMENT: name 'Infinity' is not defined
`,
  countdown: `Ready. Send anything to start anew.
3
2
1
Lift-off!
ConnectionClosed
`,
  guestbook: `Welcome, Ada: you are guest 1.
Welcome, Grace: you are guest 2.
Guests: Ada, Grace
`
}

describe("examples/", () => {
  it("holds no program that is not run here", () => {
    const programs = readdirSync(`${root}/examples`).filter((name) => name.endsWith(".ts"))
    expect(programs.toSorted()).toEqual(Object.keys(said).map((name) => `${name}.ts`).toSorted())
  })

  it("has each in the table of its README", () => {
    const names = readdirSync(`${root}/examples`)
      .filter((name) => name.endsWith(".ts") || existsSync(`${root}/examples/${name}/main.ts`))
      .map((name) => name.replace(/\.ts$/, ""))
    const rows = readFileSync(`${root}/examples/README.md`, "utf8").matchAll(/^\| \[`(\w+)`\]/gm)
    expect(Array.from(rows, ([, name]) => name!).toSorted()).toEqual(names.toSorted())
  })

  for (const [name, output] of Object.entries(said)) {
    it(`${name} runs, and says what it should`, () => {
      expect(execFileSync(process.execPath, ["scripts/example.mjs", name], { cwd: root, encoding: "utf8" })).toBe(
        output
      )
    })
  }

  it.each([
    ["chat", "", "What is your name?\n"],
    ["redis", "PING\r\n", "+PONG\r\n"],
    ["variables", "", "Which session?\n"],
    [
      "rpc",
      `{"_tag":"Request","id":"1","tag":"Report","payload":{"place":"Bergen","celsius":12.5},"headers":[]}\n`,
      `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Success"}}\n`
    ]
  ])("%s runs on the port it is given, until it is stopped", async (name, request, reply) => {
    const child = spawn(process.execPath, ["scripts/example.mjs", name, "0"], { cwd: root })
    try {
      const [said] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string]
      const port = Number(/^Ready at 127\.0\.0\.1:(\d+)\n$/.exec(said)?.[1])
      const socket = connect(port, "127.0.0.1").setEncoding("utf8")
      socket.write(request)
      expect(await once(socket, "data")).toEqual([reply])
      socket.destroy()
    } finally {
      child.kill()
    }
    expect(await once(child, "exit")).toEqual([0, null])
  })

  it("asked for another, the script names those there are", () => {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/example.mjs", "other"], {
      cwd: root,
      encoding: "utf8"
    })
    expect(status).toBe(2)
    expect(stderr).toBe(
      "Name one of the examples: chat, countdown, gateway, guestbook, hypotenuse, mail, page, redis, rpc, temperature, upload, variables.\n"
    )
  })
})
