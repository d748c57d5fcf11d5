import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"
import { folder } from "./Terminal.js"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** A folder with this module, and where wanted with the packages that a protocol is made by. */
const withModule = (name: string, text: string, hasPackages = false) =>
  Effect.tap(folder, (path) =>
    Effect.sync(() => {
      writeFileSync(join(path, name), text)
      if (!hasPackages) return
      mkdirSync(join(path, "node_modules"))
      symlinkSync(join(root, "node_modules/effect"), join(path, "node_modules/effect"))
      symlinkSync(root, join(path, "node_modules/effect-switchboard"))
    }))

/** What a server of the module says to a line, and what its log tells of it. */
const asked = (text: string, { hasPackages = false, model = "select" } = {}) =>
  Effect.gen(function*() {
    const cwd = yield* withModule("mine.mjs", text, hasPackages)
    const server = yield* Switchboard.serve([model, "./mine.mjs"], { cwd })
    const peer = yield* Peer.connect(server.port)
    peer.socket.end("hello\n")
    const { text: reply } = yield* peer.ended
    yield* server.stderr.find(/event=closed/)
    return { reply, log: server.stderr.text, stdout: server.stdout.text }
  })

describe("A module that exports a function", () => {
  it.scopedLive.each(["threaded", "select", "iterative"])(
    "is a protocol, under %s, without any package",
    (model) =>
      Effect.gen(function*() {
        const { reply, stdout } = yield* asked("export default (text) => text.toUpperCase()\n", { model })
        expect(reply).toBe("HELLO\n")
        expect(stdout).toContain(`(${model}, mine)`)
      })
  )

  it.scopedLive("may take its time", () =>
    Effect.gen(function*() {
      const { reply } = yield* asked(
        "export default async (text) => {\n  await new Promise(setImmediate)\n  return text + '!'\n}\n"
      )
      expect(reply).toBe("hello!\n")
    }))

  it.scopedLive("may give an Effect", () =>
    Effect.gen(function*() {
      const { reply } = yield* asked(
        "import { Effect } from 'effect'\nexport default (text) => Effect.delay(Effect.succeed(text), 1)\n",
        { hasPackages: true }
      )
      expect(reply).toBe("hello\n")
    }))

  it.scopedLive.each(
    [
      ["throws", "export default (text) => {\n  throw new Error('no ' + text)\n}\n", "Error: no hello", "mine.mjs:2"],
      ["is rejected", "export default async (text) => {\n  throw new Error('no')\n}\n", "Error: no", "mine.mjs:2"],
      [
        "gives no text",
        "export default (text) => text.length\n",
        "TypeError: the reply is 5: it must be a text, or a Promise or an Effect of one",
        "./mine.mjs"
      ]
    ] as const
  )("and %s fails for that client alone, and the log says where", ([, text, words, place]) =>
    Effect.gen(function*() {
      const { log, reply } = yield* asked(text)
      expect(reply).toBe("")
      expect(log).toContain(`${words} (${place})"`)
      expect(log.match(/event=failed/g)).toHaveLength(1)
    }))

  it.scopedLive("is spoken by connect, and measured by bench", () =>
    Effect.gen(function*() {
      const cwd = yield* withModule("mine.mjs", "export default (text) => text.toUpperCase()\n")
      const server = yield* Switchboard.serve(["select", "./mine.mjs"], { cwd })
      expect(yield* Switchboard.run(["connect", "./mine.mjs", "hello", "--port", `${server.port}`], { cwd })).toEqual({
        code: 0,
        stdout: "HELLO\n",
        stderr: ""
      })
      const bench = "bench ./mine.mjs --model select --duration 100ms --warm-up 0s --connections 2"
      expect(yield* Switchboard.run(bench.split(" "), { cwd })).toMatchObject({ code: 0, stderr: "" })
    }))
})

const protocol = (reply: string): string =>
  `import { Framing, Protocol } from "effect-switchboard"
import { Effect } from "effect"
export default Protocol.requestReply({ name: "mine", framing: Framing.line, reply: ${reply} })
`

describe("A module whose protocol is not as it should be", () => {
  it.scopedLive.each([
    ["(text) => text", "TypeError: the reply is no Effect, but hello: Effect.succeed makes one of it"],
    ["(text) => undefined", "TypeError: the reply is no Effect, but undefined: Effect.succeed makes one of it"],
    ["(text) => Effect.succeed(5)", "TypeError: a message to be sent is 5, and must be a text"]
  ])("is told so in the log, where its reply is %s", ([reply, words]) =>
    Effect.gen(function*() {
      const { log } = yield* asked(protocol(reply!), { hasPackages: true })
      expect(log).toContain(`${words} (./mine.mjs)"`)
    }))

  it.scopedLive("is told so in the log, where a turn is none", () =>
    Effect.gen(function*() {
      const { log } = yield* asked(
        `import { Framing, Protocol } from "effect-switchboard"
export default Protocol.make({ name: "mine", framing: Framing.line, open: () => ({ state: 0 }) })
`,
        { hasPackages: true }
      )
      expect(log).toContain(
        `TypeError: open gave { state: 0 }, which is no Effect: Effect.succeed makes one of it (./mine.mjs)"`
      )
    }))
})

describe("A module that cannot be loaded", () => {
  it.scopedLive.each<readonly [text: string, sentence: string]>([
    [
      "const a = 1\nexport default (text => \n",
      "could not be loaded: SyntaxError: Unexpected end of input (mine.mjs:3)."
    ],
    [
      "const a = 1\nnull.b\n",
      "could not be loaded: TypeError: Cannot read properties of null (reading 'b') (mine.mjs:2)."
    ],
    [
      "import 'effect'\n",
      "could not be loaded: it needs the package effect: install it beside the module, by npm install effect@3."
    ],
    [
      "import '@some/thing/deep.js'\n",
      "could not be loaded: it needs the package @some/thing: install it beside the module, by npm install @some/thing."
    ],
    [
      "import '@effect/thing'\n",
      "could not be loaded: it needs the package @effect/thing: install it beside the module, by npm install @effect/thing@0."
    ],
    [
      "import 'effect-switchboard'\n",
      `could not be loaded: it needs the package effect-switchboard: install it beside the module, by npm install ${
        root.replace(/\/$/, "")
      }.`
    ],
    [
      "export default 5\n",
      "exports no protocol: make its default export a function from text to text, or a protocol, by Protocol.requestReply or Protocol.make."
    ]
  ])("%s is a mistake that says what is wrong with it", ([text, sentence]) =>
    Effect.gen(function*() {
      const cwd = yield* withModule("mine.mjs", text)
      expect(yield* Switchboard.run(["serve", "select", "./mine.mjs"], { cwd })).toEqual({
        code: 2,
        stdout: "",
        stderr: `switchboard: The module ./mine.mjs ${sentence}\n`
      })
    }))

  it.scopedLive("leaves nothing but JSON on stderr where that was asked for, also where Node warns of it", () =>
    Effect.gen(function*() {
      const cwd = yield* withModule("mine.mjs", "process.emitWarning('careful')\nexport default (text) => text\n")
      const server = yield* Switchboard.serve(["select", "./mine.mjs", "--log-format", "json"], { cwd })
      yield* server.stderr.find(/careful/)
      expect(JSON.parse(server.stderr.text)).toMatchObject({
        logLevel: "WARN",
        message: "Warning: careful",
        annotations: { event: "warning" }
      })
    }))
})
