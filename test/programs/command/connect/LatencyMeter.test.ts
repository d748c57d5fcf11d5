import { describe, expect, it } from "vitest"
import { ConnectionClosed } from "../../../../src/domain/NetworkError.js"
import { LatencyMeter } from "../../../../src/programs/command/connect/LatencyMeter.js"
import { Rejection } from "../../../../src/programs/command/connect/Rejection.js"

const outcome = (milliseconds: number) => ({ request: "a", reply: "A", error: undefined, milliseconds })

describe("LatencyMeter", () => {
  it("shows the least, the median, the 99th percentile and the most of what came", () => {
    const meter = new LatencyMeter()
    for (let i = 1; i <= 1000; i++) meter.told(outcome(i / 100))
    expect(meter.line).toBe("1,000 replies   min 10 µs   median 5.00 ms   p99 9.90 ms   max 10.0 ms")
    expect(JSON.parse(meter.json)).toMatchObject({ replies: 1000, rejected: 0, min: 0.01 })
  })

  it("counts rejections as replies, and what got none not at all", () => {
    const meter = new LatencyMeter()
    expect(meter.line).toBe("no replies")
    meter.told({ ...outcome(1), error: new ConnectionClosed({ address: { host: "localhost", port: 1 } }) })
    expect(JSON.parse(meter.json)).toEqual({ replies: 0, rejected: 0, min: null, median: null, p99: null, max: null })
    meter.told({ ...outcome(1), error: new Rejection({ reply: "INVALID", message: "INVALID" }) })
    expect(meter.line).toBe("1 reply, 1 of them rejections   min 1.00 ms   median 1.00 ms   p99 1.00 ms   max 1.00 ms")
  })
})
