// examples/page, as it is run, in Chromium.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Browser, Page } from "playwright-core"
import { chromium } from "playwright-core"
import { isMissing } from "../programs/command/report/Reader.js"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The example, which says where it is: by the script that makes it, or as that has made it. */
const start = (...program: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = spawn(process.execPath, program, { cwd: root })
      const [said] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string]
      const stop = async (): Promise<number> => {
        child.kill("SIGTERM")
        const [code] = (await once(child, "exit")) as [number]
        return code
      }
      return { url: /^Ready at (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(said)![1]!, child, stop }
    }),
    ({ child }) => Effect.sync(() => child.kill())
  )

const chrome = Effect.acquireRelease(
  Effect.promise(() =>
    chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] })
  ),
  (browser) => Effect.promise(() => browser.close())
)

/** A visitor, and all that the browser complains of, but for a server that is away. */
const visit = async (browser: Browser, url: string) => {
  const page = await browser.newPage()
  const complaints: Array<string> = []
  page.on("console", (message) => {
    if (!/ERR_CONNECTION_(?:REFUSED|RESET)/.test(message.text())) complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(error.message))
  await page.goto(url)
  const chat = page.getByRole("region", { name: "Chat" })
  return {
    page,
    complaints,
    calculator: page.getByRole("region", { name: "Calculator" }),
    chat,
    hears: (text: string) => chat.getByRole("list").getByText(text, { exact: true }).waitFor()
  }
}

const type = async (page: Page, label: string, text: string): Promise<void> => {
  await page.getByLabel(label, { exact: true }).fill(text)
  await page.keyboard.press("Enter")
}

describe.skipIf(isMissing)("examples/page, in Chromium", () => {
  it.scopedLive(
    "calculates, chats, tells who comes and goes, says that the server has stopped, and connects again",
    () =>
      Effect.gen(function*() {
        const [server, browser] = yield* Effect.all([start("scripts/example.mjs", "page", "0"), chrome], {
          concurrency: "unbounded"
        })
        const { url } = server
        const [ada, grace] = yield* Effect.promise(() => Promise.all([visit(browser, url), visit(browser, url)]))

        yield* Effect.promise(async () => {
          await ada.calculator.getByText("Connected.").waitFor()
          for (const expression of ["2 ** 100", "'<b>' * 2", "1/0"]) await type(ada.page, "Expression", expression)
          await ada.calculator.getByText("division by zero").waitFor()
          const values = await ada.calculator.locator(".value").allTextContents()
          expect(values).toEqual(["1267650600228229401496703205376", "<b><b>", "division by zero"])
          await ada.page.keyboard.press("ArrowUp")
          await ada.page.keyboard.press("ArrowUp")
          expect(await ada.page.getByLabel("Expression").inputValue()).toBe("'<b>' * 2")
        })

        yield* Effect.promise(async () => {
          await type(ada.page, "Your name", "ada")
          await ada.hears("Welcome, ada. In lobby: ada")
          await type(grace.page, "Your name", "Ada")
          await grace.chat.getByText("Somebody has that name").waitFor()
          await type(grace.page, "Your name", "grace")
          await ada.hears("grace has joined lobby")
          await type(ada.page, "Message", "hello, grace")
          await grace.hears("ada: hello, grace")
          await type(grace.page, "Message", "<i>hello</i>, ada")
          await ada.hears("grace: <i>hello</i>, ada")
        })

        expect(yield* Effect.promise(() => server.stop())).toBe(0)
        yield* Effect.promise(async () => {
          for (const part of [ada.chat, ada.calculator, grace.chat]) {
            await part.getByText("closed the connection: the server stops. Connecting again.").waitFor()
          }
          await ada.chat.getByText(/[Ss]erver/).first().waitFor()
          await type(ada.page, "Expression", "6 * 7")
        })
        yield* start("node_modules/.examples/page.mjs", new URL(url).port)
        yield* Effect.promise(async () => {
          await ada.calculator.getByText("42", { exact: true }).waitFor()
          await ada.chat.getByText("Connected.").waitFor()
          await grace.chat.getByText("Connected.").waitFor()
          await type(grace.page, "Message", "still here")
          await ada.hears("grace: still here")
        })

        yield* Effect.promise(async () => {
          await grace.page.close()
          await ada.hears("grace has left")
          await ada.page.getByRole("button", { name: "Leave" }).click()
          await ada.chat.getByText("You have left.").waitFor()
          expect(await ada.page.getByLabel("Your name").isVisible()).toBe(true)
        })
        expect([...ada.complaints, ...grace.complaints]).toEqual([])
      }),
    60_000
  )
})
