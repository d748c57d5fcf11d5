/** A reader of a page, in Chromium: from disk, in light, and with everything that the page does wrong or asks for noted. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { chromium } from "playwright-core"

const executablePath = "/usr/bin/chromium"

export const isMissing = !existsSync(executablePath)
if (isMissing) console.warn(`SKIPPED: ${executablePath} is missing (apt-get install chromium).`)

export interface Reader {
  readonly page: Page
  /** Where the page lies. */
  readonly url: string
  /** What it wrote on the console, failed in, and loaded. */
  readonly complaints: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

export const open = async (html: string): Promise<Reader> => {
  const folder = mkdtempSync(join(tmpdir(), "switchboard-"))
  const file = join(folder, "page.html")
  const url = `file://${file}`
  const complaints: Array<string> = []
  writeFileSync(file, html)
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] })
  const page = await browser.newPage({ colorScheme: "light" })
  page.on("console", (message) => complaints.push(message.text()))
  page.on("pageerror", (error) => complaints.push(error.message))
  page.on("request", (request) => complaints.push(request.url()))
  await page.goto(url)
  return {
    page,
    url,
    complaints,
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true })
    }
  }
}
