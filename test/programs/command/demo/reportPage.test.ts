// The page in Chromium, as a reader opens it: from disk.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import type { Page } from "playwright-core"
import type { Happening } from "../../../../src/programs/command/demo/Lane.js"
import { lanes } from "../../../../src/programs/command/demo/Lane.js"
import { reportPage } from "../../../../src/programs/command/demo/reportPage.js"
import type { Run } from "../../../../src/programs/command/demo/Run.js"
import { render } from "../../../../src/programs/command/report/Page.js"
import type { Reader } from "../report/Reader.js"
import { isMissing, open } from "../report/Reader.js"

const happenings: ReadonlyArray<Happening> = [
  { _tag: "Connecting", client: 1, at: 0 },
  { _tag: "Asked", client: 1, at: 100 },
  { _tag: "Serving", client: 1, at: 150 },
  { _tag: "Connecting", client: 2, at: 150 },
  { _tag: "Refused", client: 2, at: 160 },
  { _tag: "Answered", client: 1, at: 400 },
  { _tag: "Left", client: 1, at: 500 }
]
const runs: ReadonlyArray<Run> = [
  { model: "single", beat: 100, lanes: lanes(2, happenings) },
  { model: "select", beat: 100, lanes: lanes(2, happenings.slice(0, 5)) }
]

/** WCAG 2.2's relative luminance of a colour such as `rgb(1, 2, 3)`. */
const luminance = (color: string): number => {
  const [red, green, blue] = color.match(/\d+/g)!.map((channel) => {
    const value = Number(channel) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

describe.skipIf(isMissing)("the demo's page in Chromium", () => {
  let reader: Reader
  let page: Page

  beforeAll(async () => {
    reader = await open(render(reportPage(runs)))
    page = reader.page
  })
  afterAll(() => reader.close())

  it("loads nothing but itself, and has nothing to complain of", () => {
    expect(reader.complaints).toEqual([reader.url])
  })

  it("has a chart for each model, which says in words what it shows", async () => {
    const labels = await page.locator("section[id] svg").evaluateAll((charts) =>
      charts.map((chart) => chart.getAttribute("aria-label"))
    )
    expect(labels[0]).toBe(
      "single: one client at a time; the others are refused. Client 1: done, 1 answer. Client 2: refused."
    )
    expect(labels).toHaveLength(2)
  })

  it("draws spans to scale", async () => {
    const length = async (state: string): Promise<number> => {
      const line = page.locator(`#single line.${state}`).first()
      return Number(await line.getAttribute("x2")) - Number(await line.getAttribute("x1"))
    }
    expect(await length("served") / await length("waiting")).toBeCloseTo(250 / 50)
  })

  it("is dark for those who like it dark, and readable in both", async () => {
    const luminances = async (colorScheme: "light" | "dark") => {
      await page.emulateMedia({ colorScheme })
      const colors = await page.evaluate<ReadonlyArray<string>>(
        `[getComputedStyle(document.querySelector(".lead")).color, getComputedStyle(document.body).backgroundColor]`
      )
      return colors.map(luminance)
    }
    // WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1.
    const [ink, ground] = await luminances("light")
    expect((ground! + 0.05) / (ink! + 0.05)).toBeGreaterThan(4.5)
    const [darkInk, darkGround] = await luminances("dark")
    expect((darkInk! + 0.05) / (darkGround! + 0.05)).toBeGreaterThan(4.5)
  })

  it("fits a telephone: what is wide scrolls in its own box", async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390)
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  it("replays what happened when asked to", async () => {
    const animations = () => page.evaluate("document.getAnimations().length")
    expect(await animations()).toBe(0)
    await page.getByRole("button", { name: "Replay in real time" }).click()
    // A curtain a chart, and the outcomes of the three lanes that have ended.
    expect(await animations()).toBe(2 + 3)
  })

  it("replays slowly, so that what was over in no time can be followed", async () => {
    const duration = () =>
      page.evaluate<number>(
        `Math.max(...document.getAnimations().map((animation) => animation.effect.getComputedTiming().endTime))`
      )
    await page.getByRole("button", { name: "Replay in real time" }).click()
    expect(await duration()).toBe(500 + 100)
    await page.getByRole("button", { name: "Replay slowly" }).click()
    expect(await duration()).toBe(20 * 500 + 100)
  })
})
