import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll } from "vitest"
import packageJson from "../../package.json" with { type: "json" }
import { packed } from "../../src/domain/expression/syntax/characterNames.data.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const modules = join(root, "node_modules")
const folder = mkdtempSync(join(tmpdir(), "switchboard-"))

const sh = (command: string, cwd: string): string => {
  const { status, stderr, stdout } = spawnSync("sh", ["-c", command], { cwd, encoding: "utf8" })
  expect(status, `${command}: ${stdout}${stderr}`).toBe(0)
  return stdout.trim()
}

/** What the archive has, with its sizes in bytes. */
let archive: {
  readonly filename: string
  readonly size: number
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>
}

const program = `
import { Effect, Layer } from "effect"
import { Client, Framing, Model, NodeConnector, NodeSocketServer, Protocol, Server, TextClient } from "effect-switchboard"
import { VirtualNetwork } from "effect-switchboard/testing"

const shout = Protocol.requestReply({
  name: "shout",
  framing: Framing.auto,
  reply: (text) => Effect.succeed(text.toUpperCase())
})
export const server: Layer.Layer<never, unknown> = Server.layer(shout, { model: Model.threaded }).pipe(
  Layer.provide(NodeSocketServer.layer({ port: 1234 }))
)
export const reply: Effect.Effect<string, unknown> = Client.ask(TextClient.protocol, "hello").pipe(
  Effect.provide(NodeConnector.layer)
)
export const network: typeof VirtualNetwork = VirtualNetwork
`

/** A protocol that waits, logs, fails and dies, made with copies of effect and of the library that are not the command's. */
const protocol = `
import { Effect } from "effect"
import { Framing, Protocol } from "effect-switchboard"

export default Protocol.make({
  name: "shout",
  framing: Framing.line,
  open: () => Effect.succeed({ state: 0 }),
  receive: (count, text) => Effect.gen(function*() {
    if (text === "die") throw new Error("as asked")
    yield* Effect.log("shouting")
    yield* Effect.sleep("10 millis")
    return { state: count + 1, send: [text.toUpperCase() + " " + count], close: text === "bye" }
  })
})
`

beforeAll(() => {
  archive = JSON.parse(sh(`npm pack --json --silent --ignore-scripts --pack-destination ${folder}`, root))[0]
  writeFileSync(join(folder, "package.json"), `{ "type": "module", "private": true }`)
  writeFileSync(join(folder, "program.ts"), program)
  writeFileSync(join(folder, "shout.mjs"), protocol)
  writeFileSync(join(folder, "nothing.mjs"), "export const shout = 1\n")
  writeFileSync(join(folder, "broken.mjs"), "import './missing.mjs'\n")
  // The peers are taken from here: what is tested needs no network.
  sh(`npm install --offline ./${archive.filename} ${modules}/effect ${modules}/@types/node`, folder)
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true }))

describe("The package, installed into an empty folder", () => {
  it("runs as npx switchboard", () => {
    expect(sh("npx --no-install switchboard --version", folder)).toBe(packageJson.version)
  })

  it("typechecks a program that imports the library", () => {
    sh(`${modules}/.bin/tsc --noEmit --strict --module nodenext --target es2022 --types node program.ts`, folder)
  }, 120_000)

  it("brings a man page", () => {
    const page = sh("cat node_modules/effect-switchboard/dist/switchboard.1", folder)
    expect(page).toMatch(/^\.TH SWITCHBOARD 1 /)
    for (const name of ["serve", "connect", "reload", "demo", "bench"]) {
      expect(page).toContain(`.SS "switchboard ${name} `)
    }
  })

  it("brings the licence of each package whose code it holds", () => {
    const dist = join(folder, "node_modules/effect-switchboard/dist")
    const folders: ReadonlyArray<string> = JSON.parse(readFileSync(join(root, "dist/.built"), "utf8"))
    const held = folders.map((name) => name.replace(/^.*node_modules\//, ""))
    const sections = readFileSync(join(dist, "licences.txt"), "utf8").split(/^-{80}$/m).map((text) => text.trim())
    const licensed = sections.slice(1).map((text) => text.split(" ", 1)[0]!)
    expect(new Set(held).size).toBeGreaterThan(30)
    expect(held.filter((name) => !licensed.includes(name))).toEqual([])
    // It is in a script for pages, as text.
    expect(licensed).toContain("chart.js")
    expect(sections.slice(1).filter((text) => text.length < 500)).toEqual([])
  })

  it("takes up no more than it must", () => {
    expect(archive.size).toBeLessThan(1_050_000)
    // The command is as small as a tool makes it, and nothing large comes twice.
    const code = archive.files.filter(({ path }) => /^dist\/(main|worker|chunks\/.*)\.js$/.test(path))
    expect(code.length).toBeGreaterThan(20)
    for (const { path } of code) {
      // A bundle that is not minified says whose code comes next.
      const text = readFileSync(join(folder, "node_modules/effect-switchboard", path), "utf8")
      expect([path, /^ *\/\/ (?:src|node_modules)\//m.exec(text)]).toEqual([path, null])
    }
    const large = archive.files.filter(({ path }) =>
      path.endsWith(".js")
      && readFileSync(join(folder, "node_modules/effect-switchboard", path), "latin1").includes(packed.slice(0, 1000))
    )
    expect(large.map(({ path }) => path)).toEqual(["dist/domain/expression/syntax/characterNames.data.js"])
  })

  it("brings the guides and the examples, and neither maps nor tests", () => {
    const paths = archive.files.map(({ path }) => path)
    for (const name of ["docs", "examples"]) {
      const files = readdirSync(join(root, name), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile() && !entry.parentPath.startsWith(join(root, "docs/api"))
      )
      const wanted = files.map((entry) => relative(root, join(entry.parentPath, entry.name)))
      expect(wanted.filter((path) => !paths.includes(path))).toEqual([])
      expect(wanted.length).toBeGreaterThan(5)
    }
    expect(paths.filter((path) => /\.map$|\.test\.|^test\/|^src\/|^bench\/|^scripts\//.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "LICENSE", "dist/licences.txt"]))
  })

  it("names no link of its README that is not in it", () => {
    const readme = readFileSync(join(folder, "node_modules/effect-switchboard/README.md"), "utf8")
    const links = Array.from(readme.matchAll(/\]\(((?:docs|examples)\/[^)#]+)/g), ([, path]) => path!)
    expect(links.length).toBeGreaterThan(5)
    const paths = archive.files.map(({ path }) => path)
    expect(links.filter((link) => !paths.some((path) => path === link || path.startsWith(`${link}/`)))).toEqual([])
  })

  it("asks for mathjs where it is not installed", () => {
    const { status, stderr } = spawnSync("npx", [
      "--no-install",
      "switchboard",
      "serve",
      "once",
      "--port",
      "0",
      "--evaluator",
      "mathjs"
    ], {
      cwd: folder,
      encoding: "utf8"
    })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^switchboard: .*npm install mathjs@15$/m)
  })

  it("shows nobody its internals", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", `import "effect-switchboard/dist/programs/Server.js"`],
      { cwd: folder, encoding: "utf8" }
    )
    expect(status).toBe(1)
    expect(stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED")
  })
})

describe("A module whose default export is a protocol", () => {
  const file = join(folder, "node_modules/effect-switchboard/dist/main.js")

  it.scopedLive.each(["threaded", "select"])(
    "is served under %s, with the copies of effect that it brings",
    (model) =>
      Effect.gen(function*() {
        const server = yield* Switchboard.serve([model, "./shout.mjs"], { cwd: folder, file })
        expect(server.stdout.text).toContain(`(${model}, shout)`)
        const peer = yield* Peer.connect(server.port)
        yield* peer.send("a\nb\nbye\n")
        expect(yield* peer.ended).toEqual({ text: "A 0\nB 1\nBYE 2\n", error: undefined })
        yield* server.stderr.find(/message=shouting/)
      })
  )

  it.scopedLive("that dies closes its connection, with a line in the log, and serves on", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select", "./shout.mjs"], { cwd: folder, file })
      const first = yield* Peer.connect(server.port)
      yield* first.send("die\n")
      expect((yield* first.ended).text).toBe("")
      yield* server.stderr.find(/level=ERROR message="failed to serve .*: Error: as asked \(shout\.mjs:\d+\)"/)
      const second = yield* Peer.connect(server.port)
      yield* second.send("a\n")
      expect(yield* second.received(4)).toBe("A 0\n")
    }))

  it.live.each<readonly [name: string, sentence: RegExp]>([
    ["nothing.mjs", /^switchboard: The module nothing\.mjs exports no protocol: .*\n$/],
    ["broken.mjs", /^switchboard: The module broken\.mjs could not be loaded: .*missing\.mjs.*\n$/]
  ])(
    "must be one: %s",
    ([name, sentence]) =>
      Effect.map(Switchboard.run(["serve", "select", name], { cwd: folder, file }), ({ code, stderr, stdout }) => {
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
        expect(stderr).toMatch(sentence)
      })
  )
})
