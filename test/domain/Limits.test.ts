import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Limits from "../../src/domain/Limits.js"

describe("Limits.make", () => {
  it("has the defaults its documentation states", () => {
    const defaults: Limits.Limits = {
      maxConnections: 10_000,
      atLimit: "wait",
      maxFrame: 65_536,
      idleTimeout: Duration.infinity,
      idle: "client",
      requestTimeout: Duration.seconds(30),
      writeTimeout: Duration.seconds(30),
      drainTimeout: Duration.seconds(10)
    }
    expect(Limits.make()).toEqual(defaults)
    expect(Limits.make({ maxConnections: undefined, idleTimeout: undefined, atLimit: undefined })).toEqual(defaults)
  })

  it("reads durations as Effect does, and keeps what is set to nothing", () => {
    const limits = Limits.make({ idleTimeout: "5 minutes", requestTimeout: 250, drainTimeout: 0, maxConnections: 0 })
    expect(Duration.toMillis(limits.idleTimeout)).toBe(300_000)
    expect(Duration.toMillis(limits.requestTimeout)).toBe(250)
    expect(Duration.toMillis(limits.drainTimeout)).toBe(0)
    expect(limits.maxConnections).toBe(0)
  })
})
