// The browser's side: on npm's ws, which has the browser's interface, and in Chromium, where the door is what a page loads.
import { describe, expect, it } from "@effect/vitest"
import {
  Calc,
  CharsClient,
  Client,
  Echo,
  Evaluator,
  Model,
  NodeSocketServer,
  Protocol,
  TextClient,
  WebSocketServer
} from "effect-switchboard"
import * as Browser from "effect-switchboard/browser"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { build } from "esbuild"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"
import { WebSocket } from "ws"
import { forBrowsers } from "../../scripts/browser.mjs"
import { many, serve } from "../behaviours/support/stages.js"
import { isMissing } from "../programs/command/report/Reader.js"

const root = fileURLToPath(new URL("../..", import.meta.url))

const served = (options: WebSocketServer.Options = {}) =>
  Layer.merge(Layer.provide(WebSocketServer.layer(options), Layer.orDie(NodeSocketServer.layer())), Evaluator.layer)

const npm: Browser.BrowserConnector.Options = {
  webSocket: (url, protocols) => new WebSocket(url, protocols) as unknown as Browser.BrowserConnector.BrowserWebSocket
}

const place = (server: { readonly address: { readonly port?: number | undefined } }) => ({
  host: "127.0.0.1",
  port: server.address.port!
})

describe("a BrowserConnector", () => {
  it.scopedLive.each(many)("under $name, asks as any other client does", (model) =>
    Effect.gen(function*() {
      const server = yield* serve(Calc.protocol, { model })
      const client = yield* Client.make(TextClient.calc, place(server))
      const asked = Array.from({ length: 100 }, (_, i) => client.ask(`${i} + 1`))
      expect(yield* Effect.all(asked, { concurrency: "unbounded" })).toEqual(asked.map((_, i) => `${i + 1}`))
      expect(yield* Effect.flip(client.ask("1/0"))).toMatchObject({ _tag: "RequestRejected" })
      yield* Effect.fork(server.stop)
      expect(yield* client.disconnected).toMatchObject({ _tag: "ConnectionClosed", reason: "the server stops" })
    }).pipe(Effect.provide(Layer.merge(served(), Browser.BrowserConnector.layer(npm)))))

  it.scopedLive("hears messages of bytes", () =>
    Effect.gen(function*() {
      const { Chars } = yield* Effect.promise(() => import("effect-switchboard"))
      const server = yield* serve(Chars.protocol, { model: Model.threaded })
      const client = yield* Client.make(CharsClient.protocol, place(server))
      yield* client.send("s")
      const { content } = yield* client.receive
      expect(Buffer.from(content).toString()).toBe("Statistics: 0 symbols was delivered")
    }).pipe(Effect.provide(Layer.merge(served(), Browser.BrowserConnector.layer(npm)))))

  it.scopedLive("keeps what comes while nothing is read, up to a limit", () =>
    Effect.gen(function*() {
      const talking = Protocol.withFraming(Echo.protocol, Browser.Framing.line)
      const server = yield* serve(talking, { model: Model.threaded })
      const client = yield* Client.make(TextClient.protocol, place(server))
      expect(yield* client.ask("hello")).toBe("hello")
      yield* client.paused(Effect.gen(function*() {
        yield* Effect.forEach(Array.from({ length: 20 }), () => client.send("x".repeat(10_000)))
        yield* server.until("Closed", 1)
      }))
      expect(yield* client.disconnected).toMatchObject({ _tag: "ConnectionReset" })
    }).pipe(Effect.provide(Layer.merge(served(), Browser.BrowserConnector.layer({ ...npm, maxHeld: 100_000 })))))

  it("finds the server that its page is from", () => {
    const { here } = Browser.BrowserConnector
    expect(here({ protocol: "http:", hostname: "example.org", port: "8080" })).toEqual({
      host: "example.org",
      port: 8080
    })
    expect(here({ protocol: "https:", hostname: "example.org", port: "" })).toEqual({ host: "example.org", port: 443 })
    expect(here({ protocol: "http:", hostname: "[::1]", port: "" })).toEqual({ host: "::1", port: 80 })
    expect(() => here()).toThrow("there is no page here")
  })

  it.scopedLive("says that nobody was reached, and that it was turned away", () =>
    Effect.gen(function*() {
      const server = yield* serve(Echo.protocol, { model: Model.single })
      const nobody = { host: "127.0.0.1", port: 1 }
      expect(yield* Effect.flip(Client.make(TextClient.protocol, nobody))).toMatchObject({ _tag: "ConnectFailed" })
      const first = yield* Client.make(TextClient.protocol, place(server))
      expect(yield* first.ask("hello")).toBe("hello")
      const second = yield* Client.make(TextClient.protocol, place(server))
      expect(yield* Effect.flip(second.ask("hello"))).toMatchObject({ _tag: "ConnectionRefused" })
    }).pipe(Effect.provide(Layer.merge(served(), Browser.BrowserConnector.layer(npm)))))
})

const script = `
import { BrowserConnector, Client, TextClient } from "./src/browser.ts"
import { Effect } from "effect"

const program = Effect.gen(function*() {
  const client = yield* Client.make(TextClient.calc, BrowserConnector.here())
  return yield* Effect.all(["22 + 44", "'ä💡' * 2", "2 ** 0.5"].map((text) => client.ask(text)), { concurrency: "unbounded" })
}).pipe(Effect.scoped, Effect.provide(BrowserConnector.layer()))
Effect.runPromise(program).then(
  (replies) => (document.body.textContent = replies.join(", ")),
  (error) => (document.body.textContent = String(error))
)
`

/** A page's script: the door and Effect, made one by esbuild, which fails on anything of Node's. */
const bundled = Effect.promise(() =>
  build({
    ...forBrowsers,
    external: [],
    stdin: { contents: script, resolveDir: root },
    format: "iife",
    minify: true,
    write: false
  })
).pipe(Effect.map(({ outputFiles }) => outputFiles[0]!.text.replaceAll("</script", "<\\/script")))

describe("effect-switchboard/browser", () => {
  it.live("has nothing of Node's, as one file beside Effect", () =>
    Effect.gen(function*() {
      const { metafile } = yield* Effect.promise(() =>
        build({
          ...forBrowsers,
          entryPoints: [`${root}/src/browser.ts`],
          metafile: true,
          write: false
        })
      )
      const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
      expect(imports.length).toBeGreaterThan(0)
      expect(imports.filter((path) => !path.startsWith("effect/"))).toEqual([])
    }))

  it.scopedLive.skipIf(isMissing)("runs a client in Chromium", () =>
    Effect.gen(function*() {
      const page = `<!doctype html><link rel="icon" href="data:,"><body></body><script>${yield* bundled}</script>`
      const complaints: Array<string> = []
      yield* Effect.gen(function*() {
        const server = yield* serve(Calc.protocol, { model: Model.select })
        const browser = yield* Effect.acquireRelease(
          Effect.promise(() =>
            chromium.launch({
              executablePath: "/usr/bin/chromium",
              args: ["--no-sandbox", "--disable-gpu", "--disable-quic"]
            })
          ),
          (browser) => Effect.promise(() => browser.close())
        )
        const text = yield* Effect.promise(async () => {
          const page = await browser.newPage()
          page.on("console", (message) => complaints.push(message.text()))
          page.on("pageerror", (error) => complaints.push(error.message))
          await page.goto(`http://127.0.0.1:${server.address.port}`)
          await page.getByText(/\d/).waitFor()
          return page.locator("body").textContent()
        })
        expect(text).toBe("66, ä💡ä💡, 1.4142135623730951")
      }).pipe(Effect.scoped, Effect.provide(served({ page })))
      expect(complaints).toEqual([])
    }))
})
