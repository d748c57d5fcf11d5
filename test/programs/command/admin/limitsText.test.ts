import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as limitsText from "../../../../src/programs/command/admin/limitsText.js"
import { prefers } from "../../../../src/programs/command/admin/negotiation.js"

const time = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1, max: 100_000 }),
  fc.integer({ min: 1, max: 100 }).map((minutes) => minutes * 60_000)
)

describe("The limits as the admin port writes them", () => {
  it("are read as they were written, whatever they are", () => {
    const limits = fc.record({
      maxConnections: fc.integer({ min: 1 }),
      idleTimeout: time,
      requestTimeout: time,
      writeTimeout: time,
      drainTimeout: time
    })
    fc.assert(fc.property(limits, (limits) => {
      expect(Effect.runSync(limitsText.read(limitsText.write(limits)))).toEqual(limits)
    }))
  })

  it.effect.each<readonly [content: unknown, complaint: string]>([
    [{ "idle-timeout": "soon" }, "idle-timeout must be a time with its unit"],
    [{ "idle-timeout": "0s" }, "idle-timeout must be longer than nothing"],
    [{ "max-connections": 0 }, "max-connections must be a whole number from 1 up"],
    [{ "max-connections": { "$gt": 1 } }, "max-connections must be a text or a number."],
    [{ "max-conections": 5 }, "There is no limit 'max-conections' to change: did you mean max-connections?"],
    [{ constructor: 5 }, "There is no limit 'constructor' to change"],
    [[], "A change of limits is an object"],
    [null, "A change of limits is an object"]
  ])(
    "%j is told what is wrong with it",
    ([content, complaint]) =>
      Effect.map(Effect.flip(limitsText.read(content)), ({ message, status }) => {
        expect(message).toContain(complaint)
        expect(status).toBe(400)
      })
  )
})

describe("The format of the metrics", () => {
  const openMetrics = "application/openmetrics-text"

  it.each([
    ["", false],
    ["*/*", false],
    ["text/plain", false],
    ["application/openmetrics-text", true],
    ["application/openmetrics-text; version=1.0.0; q=0", false],
    ["application/openmetrics-text;q=0.2,text/plain;q=0.5", false],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      true
    ]
  ])("is OpenMetrics' for one who accepts '%s': %s", (accept, expected) => {
    expect(prefers(accept, openMetrics, "text/plain")).toBe(expected)
  })
})
