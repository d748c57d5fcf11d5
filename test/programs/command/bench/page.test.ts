// The page in Chromium, as a reader opens it: from disk.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import type { Page } from "playwright-core"
import { page as reportPage } from "../../../../src/programs/command/bench/page.js"
import type { Result } from "../../../../src/programs/command/bench/Report.js"
import * as Report from "../../../../src/programs/command/bench/Report.js"
import { Latency } from "../../../../src/programs/command/report/Latency.js"
import { render } from "../../../../src/programs/command/report/Page.js"
import type { Reader } from "../report/Reader.js"
import { isMissing, open } from "../report/Reader.js"

const result = (server: string, requestsPerSecond: number): Result => {
  const latency = new Latency()
  for (let i = 1; i <= 10_000; i++) latency.record(100 + i * i / 10_000, 1)
  return {
    server,
    connections: 50,
    began: "2026-01-02T03:04:05.000Z",
    seconds: 2,
    requests: requestsPerSecond * 2,
    replies: requestsPerSecond * 2,
    requestsPerSecond,
    bytesSent: 1,
    bytesReceived: 1,
    latency: latency.summary(),
    errors: server === "select" ? { WrongReply: 3 } : {},
    firstWrong: undefined,
    unsent: 0,
    warmUp: { seconds: 1, replies: requestsPerSecond },
    isCutShort: false
  }
}

const report = Report.make(
  new Date("2026-01-02T03:04:05Z"),
  {
    protocol: "echo",
    messages: ["</script><b>&"],
    framing: "line",
    depth: 1,
    rate: undefined,
    seconds: 2,
    warmUpSeconds: 1
  },
  [result("threaded", 40_000), result("select", 50_000)],
  false
)

/** How many pixels of a canvas have the colour that a variable of the page's style holds. */
const pixels = (canvas: string, variable: string): string =>
  `(() => {
    const canvas = document.getElementById("${canvas}")
    const wanted = getComputedStyle(document.documentElement).getPropertyValue("${variable}").match(/[0-9a-f]{2}/gi).map((hex) => parseInt(hex, 16))
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4) if (wanted.every((channel, index) => data[at + index] === channel)) count++
    return count
  })()`

describe.skipIf(isMissing)("the bench's page in Chromium", () => {
  let reader: Reader
  let page: Page

  beforeAll(async () => {
    reader = await open(render(reportPage(report)))
    page = reader.page
  })
  afterAll(() => reader.close())

  it("loads nothing but itself, and has nothing to complain of", () => {
    expect(reader.complaints).toEqual([reader.url])
  })

  it("has the figures as text: of each server, and of what they were measured with", async () => {
    const rows = await page.locator(".figures tbody tr").allInnerTexts()
    expect(rows.map((row) => row.split(/\t/).slice(0, 3))).toEqual([["threaded", "50", "40,000"], [
      "select",
      "50",
      "50,000"
    ]])
    expect(rows.map((row) => row.split(/\t/).at(-1))).toEqual(["none", "3 wrong replies"])
    const facts = await page.locator(".facts").innerText()
    expect(facts).toContain("</script><b>&")
    expect(facts).toContain(`Node ${process.versions.node}`)
    expect(facts).toContain("2026-01-02 03:04 UTC")
  })

  it("has a bar and a line for each server, the bars to scale", async () => {
    const threaded = await page.evaluate<number>(pixels("throughput", "--blue"))
    const select = await page.evaluate<number>(pixels("throughput", "--orange"))
    expect(threaded / select).toBeCloseTo(40_000 / 50_000, 1)
    // The line of one server hides the other's, which has the same latencies; the legend shows both.
    expect(await page.evaluate(pixels("latency", "--blue"))).toBeGreaterThan(100)
    expect(await page.evaluate(pixels("latency", "--orange"))).toBeGreaterThan(100)
  })

  it("is drawn anew for those who like it dark", async () => {
    const light = await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue("--blue")`)
    await page.emulateMedia({ colorScheme: "dark" })
    expect(await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue("--blue")`)).not.toBe(light)
    // Fails when it does not come to that: the page draws when it is told of the change.
    // It looks from within, as the page's policy forbids the `eval` that waitForFunction asks again with.
    await page.evaluate(`new Promise((resolve) => {
      const look = () => ${pixels("throughput", "--blue")} > 1000 ? resolve() : requestAnimationFrame(look)
      look()
    })`)
    await page.emulateMedia({ colorScheme: "light" })
  })

  it("fits a telephone: what is wide scrolls in its own box", async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390)
  })

  it("has room for its bars there, beside their names", async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    const share = await page.evaluate<number>(`new Promise((resolve) => requestAnimationFrame(() => {
      const canvas = document.getElementById("throughput")
      const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
      const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue("--orange").match(/[0-9a-f]{2}/gi).map((hex) => parseInt(hex, 16))
      let left = width
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) left = Math.min(left, at / 4 % width)
      }
      resolve(1 - left / width)
    }))`)
    expect(share).toBeGreaterThan(0.6)
  })
})
