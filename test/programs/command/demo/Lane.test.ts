import { describe, expect, it } from "@effect/vitest"
import type { Happening } from "../../../../src/programs/command/demo/Lane.js"
import { lanes, stateAt, summarize } from "../../../../src/programs/command/demo/Lane.js"

const told = (client: number, ...happenings: ReadonlyArray<readonly [Happening["_tag"], number]>) =>
  happenings.map(([_tag, at]): Happening => ({ _tag, client, at }))

const served = told(1, ["Connecting", 0], ["Asked", 10], ["Serving", 15], ["Answered", 30], ["Asked", 40], [
  "Serving",
  40
], [
  "Answered",
  60
], ["Left", 65])

describe("lanes", () => {
  it("a client connects, waits, is served, thinks, asks again, and is done", () => {
    expect(lanes(1, served)).toEqual([{
      client: 1,
      spans: [
        { state: "connecting", from: 0, to: 10 },
        { state: "waiting", from: 10, to: 15 },
        { state: "served", from: 15, to: 30 },
        { state: "thinking", from: 30, to: 40 },
        { state: "served", from: 40, to: 60 },
        { state: "thinking", from: 60, to: 65 }
      ],
      answers: 2,
      end: { how: "done", at: 65 }
    }])
  })

  it("what still lasts has no end", () => {
    const [lane] = lanes(1, served.slice(0, 3))
    expect(lane!.spans.at(-1)).toEqual({ state: "served", from: 15, to: undefined })
    expect(lane!.end).toBe(undefined)
  })

  it("a client that got no answer is refused, one that had some is hung up on", () => {
    const [refused, closed] = lanes(2, [
      ...told(1, ["Connecting", 0], ["Refused", 3]),
      ...told(2, ["Connecting", 0], ["Asked", 1], ["Serving", 1], ["Answered", 2], ["TurnedOut", 3])
    ])
    expect(refused).toMatchObject({ answers: 0, end: { how: "refused", at: 3 } })
    expect(closed).toMatchObject({ answers: 1, end: { how: "closed", at: 3 } })
  })

  it("a client that is refused at once is seen to have come", () => {
    expect(lanes(1, told(1, ["Connecting", 5], ["Refused", 5]))[0]!.spans).toEqual([
      { state: "connecting", from: 5, to: 5 }
    ])
  })

  it("clients that have not come yet have empty lanes", () => {
    expect(lanes(2, served)[1]).toEqual({ client: 2, spans: [], answers: 0, end: undefined })
  })

  it("clients do not disturb each other's lanes, however their happenings are mixed", () => {
    const other = told(2, ["Connecting", 5], ["Asked", 12], ["Refused", 33])
    const mixed = [...served, ...other].toSorted((a, b) => a.at - b.at)
    expect(lanes(2, mixed)).toEqual([lanes(1, served)[0], lanes(2, other)[1]])
  })
})

describe("stateAt", () => {
  const spans = lanes(1, served)[0]!.spans

  it("a moment between two spans belongs to the second", () => {
    expect(stateAt(spans, 15)).toBe("served")
    expect(stateAt(spans, 14)).toBe("waiting")
  })

  it("there is none before a client comes and after it has left", () => {
    expect(stateAt(spans, -1)).toBe(undefined)
    expect(stateAt(spans, 65)).toBe(undefined)
  })
})

describe("summarize", () => {
  it("counts answers, refusals, the longest wait, the most served at once, and the end", () => {
    const overlapping = told(2, ["Connecting", 0], ["Asked", 5], ["Serving", 25], ["Answered", 31], ["Left", 90])
    const refused = told(3, ["Connecting", 7], ["Refused", 8])
    expect(summarize(lanes(3, [...served, ...overlapping, ...refused]))).toEqual({
      answers: 3,
      refused: 1,
      longestWait: 20,
      atOnce: 2,
      end: 90
    })
  })

  it("an answer that begins when another ends is not at once with it", () => {
    const next = told(2, ["Connecting", 0], ["Asked", 5], ["Serving", 30], ["Answered", 40], ["Left", 50])
    expect(summarize(lanes(2, [...served, ...next])).atOnce).toBe(1)
  })
})
