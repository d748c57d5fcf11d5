// `serve --listen ws://…`, to the command itself, to npm's ws, and to a page in Chromium.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chromium } from "playwright-core"
import { isMissing } from "../programs/command/report/Reader.js"
import { connect } from "../services/support/NpmClient.js"
import * as Switchboard from "./Switchboard.js"

/** Serves at a WebSocket of any free port, and gives its place without the scheme. */
const serve = (args: ReadonlyArray<string>, path = "") =>
  Effect.gen(function*() {
    const server = yield* Switchboard.start(["serve", ...args, "--listen", `ws://127.0.0.1:0${path}`])
    const [, place] = yield* server.stdout.find(/^listening on ws:\/\/(\S+) \(.*\)\n/)
    return { ...server, place: place! }
  })

/** A page, and what it complains of. */
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
        const page = await browser.newPage()
        const complaints: Array<string> = []
        page.on("console", (message) => complaints.push(message.text()))
        page.on("pageerror", (error) => complaints.push(error.message))
        await page.goto(url)
        return { page, complaints }
      })
  )

describe("switchboard serve --listen ws://…", () => {
  it.scopedLive("answers npm's ws and `connect`, and what it prints is the address to connect to", () =>
    Effect.gen(function*() {
      const { place } = yield* serve(["select"], "/calc")
      expect(place).toMatch(/^127\.0\.0\.1:\d+\/calc$/)
      const client = yield* connect(`ws://${place}`)
      client.socket.send("22 + 44")
      expect(yield* client.hear(1)).toEqual(["66"])
      const asked = yield* Switchboard.run(["connect", `ws://${place}`, "calc", "22 + 44", "1/0"])
      expect(asked).toMatchObject({ code: 7, stdout: "66\nINVALID STATEMENT: division by zero\n" })
    }))

  it.scopedLive("says what is wrong where somebody speaks something else", () =>
    Effect.gen(function*() {
      const { place } = yield* serve(["threaded"])
      const plain = yield* Switchboard.run(["connect", place.slice(0, -1), "echo", "hello"])
      expect(plain.stdout).toBe("HTTP/1.1 400 Bad Request\n")
      const other = yield* Switchboard.run(["connect", `ws://${place}other`, "calc", "1"])
      expect(other).toMatchObject({ code: 3, stdout: "" })
      expect(other.stderr).toContain("it is no WebSocket server: it answers 404 Not Found")
      const tcp = yield* Switchboard.serve(["threaded"])
      const wrong = yield* Switchboard.run(["connect", `ws://127.0.0.1:${tcp.port}`, "calc", "1"])
      expect(wrong).toMatchObject({ code: 3, stdout: "" })
      expect(wrong.stderr).toContain("it is no WebSocket server")
    }))

  it.scopedLive("lets in pages of this machine, and of the origins that are named", () =>
    Effect.gen(function*() {
      const strict = yield* serve(["threaded"])
      yield* connect(`ws://${strict.place}`, [], { origin: "http://localhost:3000" })
      expect(yield* Effect.flip(connect(`ws://${strict.place}`, [], { origin: "https://example.org" }))).toBe(403)
      const open = yield* serve(["threaded", "--origins", "https://example.org,https://example.com:8443"])
      yield* connect(`ws://${open.place}`, [], { origin: "https://example.com:8443" })
      expect(yield* Effect.flip(connect(`ws://${open.place}`, [], { origin: "http://localhost:3000" }))).toBe(403)
      const wrong = yield* Switchboard.run(["serve", "threaded", "--origins", "example"])
      expect(wrong.code).toBe(2)
      expect(wrong.stderr).toContain("must be loopback, any, or origins such as https://example.org, not 'example'.")
    }))

  it.scopedLive.skipIf(isMissing)(
    "shows a page, whose prompt asks the server, and which says why it ends",
    () =>
      Effect.gen(function*() {
        const server = yield* serve(["select"])
        const { complaints, page } = yield* open(`http://${server.place}`)
        const log = page.locator("#log li")
        for (const message of ["22 + 44", "\"<b>\" * 2"]) {
          yield* Effect.promise(() => page.getByLabel("Message").fill(message))
          yield* Effect.promise(() => page.getByRole("button", { name: "Send" }).click())
        }
        yield* Effect.promise(() => log.nth(3).waitFor())
        const lines = yield* Effect.promise(() => log.allTextContents())
        expect(lines.toSorted()).toEqual(["\"<b>\" * 2", "22 + 44", "66", "<b><b>"])
        server.child.kill("SIGTERM")
        yield* Effect.promise(() => page.getByText("the server stops (1001)").waitFor())
        expect(complaints).toEqual([])
        // The keyboard is led to what can be done then.
        yield* server.exit
        yield* Effect.promise(() => page.locator("button:focus", { hasText: "Connect again" }).press("Enter"))
        yield* Effect.promise(() => page.getByText("The server cannot be reached.").waitFor())
      })
  )

  it.scopedLive.skipIf(isMissing)("shows what chars sends, and its statistics", () =>
    Effect.gen(function*() {
      const { place } = yield* serve(["threaded", "chars"])
      const { complaints, page } = yield* open(`http://${place}`)
      yield* Effect.promise(() => page.getByLabel("Message").fill("s"))
      yield* Effect.promise(() => page.getByLabel("Message").press("Enter"))
      yield* Effect.promise(() => page.getByText("symbols was delivered").waitFor())
      yield* Effect.promise(() => page.locator("#log li").getByText(/^[A-Za-z0-9]{1,5}$/).nth(1).waitFor())
      expect(complaints).toEqual([])
    }))
})
