// The page of `serve --admin`, in Chromium.
import { describe, expect, it } from "@effect/vitest"
import axe from "axe-core"
import type { AxeResults } from "axe-core"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { chromium } from "playwright-core"
import { isMissing } from "../programs/command/report/Reader.js"
import * as Admin from "./Admin.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"

const token = "a-token-that-is-long-enough"

const tokenFile = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  ),
  (folder) => {
    const file = join(folder, "token")
    writeFileSync(file, `${token}\n`)
    return file
  }
)

const serve = (place: string, args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* Switchboard.serve(["threaded", "--admin", place, ...args])
    const [, url] = yield* server.stdout.find(/^admin at (\S+)\n/m)
    return { ...server, url: url! }
  })

/** A browser with the page, and what the page does against its own policy, or fails in. */
const open = (url: string) =>
  Effect.flatMap(
    Effect.acquireRelease(
      Effect.promise(() =>
        chromium.launch({
          executablePath: "/usr/bin/chromium",
          args: ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        })
      ),
      (browser) => Effect.promise(() => browser.close())
    ),
    (browser) =>
      Effect.promise(async () => {
        const page = await browser.newPage({ colorScheme: "dark", reducedMotion: "reduce" })
        // So that it says what it waits for.
        page.setDefaultTimeout(20_000)
        const complaints: Array<string> = []
        page.on("console", (message) => {
          // That the server is away, and that a token is wrong, Chromium says, too.
          if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text())
        })
        page.on("pageerror", (error) => complaints.push(error.message))
        await page.goto(url)
        return { page, complaints }
      })
  )

/** What of the page keeps some readers from it. */
const barriers = (page: Page) =>
  Effect.promise(async () => {
    const { violations } = await page.evaluate("axe.run()") as AxeResults
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
  })

describe("The page of the admin port", () => {
  it.scopedLive.skipIf(isMissing)(
    "shows who comes and goes and what is said, changes limits, drains, waits for a server that is away, and has workers replaced",
    () =>
      Effect.gen(function*() {
        const args = ["--admin-token-file", yield* tokenFile]
        const first = yield* serve("127.0.0.1:0", [...args, "--admin-show-messages", "--drain-delay", "1h"])
        const { complaints, page } = yield* open(first.url)
        const shows = (text: string | RegExp) => Effect.promise(() => page.getByText(text).first().waitFor())
        const press = (name: string) => Effect.promise(() => page.getByRole("button", { name, exact: true }).click())
        yield* shows("Nobody is connected.")
        expect((yield* Admin.ask(first.url, "/messages?id=1")).status).toBe(401)
        yield* shows("ready")

        const peer = yield* Peer.connect(first.port)
        yield* peer.send("1+1\n")
        const lane = page.locator("#lanes button", { hasText: "1 request" })
        yield* Effect.promise(() => lane.press("Enter"))
        // Messages are their clients' own.
        yield* Effect.promise(() => page.getByLabel("Token", { exact: true }).fill("not-this-one-i-am-afraid"))
        yield* press("Go on")
        yield* shows("This is not the token.")
        yield* Effect.promise(() => page.getByLabel("Token", { exact: true }).fill(token))
        yield* press("Go on")
        const stored = yield* Effect.promise(() => page.evaluate("[localStorage.length, document.cookie]"))
        expect(stored).toEqual([0, ""])
        yield* shows("What is said from now on:")
        yield* peer.send("6*7\n")
        yield* shows(`received "6*7"`)
        yield* shows(`sent "42"`)

        yield* Effect.promise(() => page.evaluate(axe.source))
        expect(yield* barriers(page)).toEqual([])
        yield* Effect.promise(() => page.emulateMedia({ colorScheme: "light" }))
        yield* Effect.promise(() => page.setViewportSize({ width: 360, height: 740 }))
        expect(yield* barriers(page)).toEqual([])
        expect(yield* Effect.promise(() => page.evaluate("document.documentElement.scrollWidth"))).toBe(360)

        peer.socket.end()
        yield* shows("It is over: left.")
        yield* Effect.promise(() => page.keyboard.press("Escape"))
        yield* Effect.promise(() => page.getByLabel("max-connections").fill("many"))
        yield* press("Apply")
        yield* shows(/^max-connections must be/)
        yield* Effect.promise(() => page.getByLabel("max-connections").fill("5"))
        yield* press("Apply")
        yield* shows("of 5")
        expect(yield* Admin.json(first.url, "/limits")).toMatchObject({ body: { "max-connections": 5 } })

        yield* press("Drain")
        expect(yield* barriers(page)).toEqual([])
        yield* Effect.promise(() => page.getByRole("dialog").getByRole("button", { name: "Drain" }).click())
        yield* shows("draining")
        expect((yield* Admin.ask(first.url, "/readyz")).status).toBe(503)

        first.child.kill("SIGKILL")
        yield* shows("The server is away. Trying again.")
        const second = yield* serve(new URL(first.url).host, [...args, "--admin-show-messages", "--workers", "2"])
        yield* shows("Live")
        yield* shows("ready")
        yield* shows("of 10,000")
        const before = yield* Peer.connect(second.port)
        yield* Effect.promise(() => page.locator("#lanes button", { hasText: /^[12]: 127\.0\.0\.1:/ }).click())
        yield* shows("What is said from now on:")
        yield* before.send("2**10\n")
        yield* shows(`sent "1024"`)
        yield* press("Reload")
        yield* shows("It starts anew.")
        yield* shows(/^It is over: /)
        expect((yield* before.ended).text).toBe("1024\n")
        yield* Peer.connect(second.port)
        yield* shows(/^[34]: 127\.0\.0\.1:/)
        expect(complaints).toEqual([])
      }),
    60_000
  )

  it.scopedLive("62. Its page loads nothing else, shows no message unasked, and is told as much of many clients as of few.", () =>
    Effect.gen(function*() {
      const { port, url } = yield* serve("127.0.0.1:0", [])
      const { body, headers } = yield* Admin.ask(url, "/")
      expect(headers["content-type"]).toMatch(/^text\/html/)
      const policy = String(headers["content-security-policy"])
      expect(policy).toMatch(
        /^default-src 'none'; script-src 'sha256-[^;']+'; style-src 'sha256-[^;']+'; connect-src 'self';/
      )
      expect(policy).not.toContain("unsafe")
      expect(body).not.toMatch(/ on[a-z]+=| style=|src=/)
      expect(yield* Admin.json(url, "/messages?id=1")).toMatchObject({
        status: 403,
        body: { error: expect.stringContaining("--admin-show-messages") }
      })

      const heard = yield* Admin.listen(url, "/live")
      yield* heard(/^event: terms\ndata: \{.*"showsMessages":false,"canReload":false,"changes":"none"\}\n\n/m)
      const frames = yield* Admin.frames(url)
      const few = yield* frames(({ figures }) => figures.accepted === 0)
      yield* Effect.forEach(Array.from({ length: 200 }), () => Peer.connect(port), { concurrency: 50 })
      const many = yield* frames(({ figures }) => figures.accepted === 200)
      expect([few.clients.open.length, many.clients.open.length]).toEqual([0, 24])
      const next = yield* frames(({ at }) => at > many.at)
      expect(next.figures).toMatchObject({ active: 200, accepted: 200 })
      expect(JSON.stringify(next).length).toBeLessThan(10_000)
    }))
})
