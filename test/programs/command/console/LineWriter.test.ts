import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Descriptor, Written } from "../../../../src/programs/command/console/Descriptor.js"
import { atOnce, LineWriter } from "../../../../src/programs/command/console/LineWriter.js"

/** A descriptor whose reader takes what it is told to take. */
class Reader implements Descriptor {
  text = ""
  isSlow = false
  /** What befalls the next write, and after how many bytes. */
  fault: readonly [code: string, after: number] | undefined = undefined
  private held: (() => void) | undefined = undefined

  write(bytes: Uint8Array, done: Written): void {
    const { fault } = this
    this.fault = undefined
    const taken = fault === undefined ? bytes : bytes.subarray(0, fault[1])
    this.text += Buffer.from(taken).toString()
    const error = fault === undefined ? undefined : Object.assign(new Error(fault[0]), { code: fault[0] })
    if (this.isSlow) this.held = () => done(taken.length, error)
    else done(taken.length, error)
  }

  close(): void {}

  take(): void {
    this.isSlow = false
    this.held?.()
  }
}

const dropped = (count: number): string => `${count} dropped`

describe("LineWriter", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it("writes lines in order, those of 25 ms at once", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    writer.write(() => "one", false)
    writer.write(() => "two", true)
    expect(reader.text).toBe("")
    vi.advanceTimersByTime(25)
    expect(reader.text).toBe("one\ntwo\n")
  })

  it("without an interval writes a line at once, and drops what a slow reader leaves no room for", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped, atOnce)
    writer.write(() => "one", false)
    expect(reader.text).toBe("one\n")
    reader.isSlow = true
    for (let i = 0; i < 10_000; i++) writer.write(() => `${i}`, false)
    reader.take()
    expect(reader.text.split("\n").slice(-4)).toEqual(["1999", "2000", "7999 dropped", ""])
  })

  it("drops what does not fit without making it, and says how many", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    let made = 0
    for (let i = 0; i < 1000; i++) writer.write(() => `${++made}`, false)
    expect(made).toBe(200)
    vi.advanceTimersByTime(25)
    expect(reader.text.split("\n").slice(198)).toEqual(["199", "200", "800 dropped", ""])
    writer.write(() => "next", false)
    vi.advanceTimersByTime(25)
    expect(reader.text.endsWith("800 dropped\nnext\n")).toBe(true)
  })

  it("keeps a quarter of its room from minor lines", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    for (let i = 0; i < 1000; i++) writer.write(() => "minor", true)
    for (let i = 0; i < 50; i++) writer.write(() => "major", false)
    vi.advanceTimersByTime(25)
    expect(reader.text.match(/minor/g)).toHaveLength(150)
    expect(reader.text.match(/major/g)).toHaveLength(50)
  })

  it("holds no more than what it writes, and as many lines, for a reader that is slow", () => {
    const reader = new Reader()
    reader.isSlow = true
    const writer = new LineWriter(reader, dropped)
    let made = 0
    for (let i = 0; i < 10_000; i++) {
      writer.write(() => `${made++}`, false)
      vi.advanceTimersByTime(1)
    }
    expect(made).toBe(225)
    reader.take()
    vi.advanceTimersByTime(25)
    expect(reader.text.split("\n").slice(-4)).toEqual(["223", "224", "9775 dropped", ""])
  })

  it("37. What a full disk did not take is counted, and the log goes on when there is room again", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    reader.fault = ["ENOSPC", 5]
    for (const line of ["one", "two", "three"]) writer.write(() => line, false)
    vi.advanceTimersByTime(25)
    reader.fault = ["ENOSPC", 0]
    vi.advanceTimersByTime(1000)
    writer.write(() => "four", false)
    reader.fault = ["ENOSPC", 1]
    vi.advanceTimersByTime(1000)
    writer.write(() => "five", false)
    vi.advanceTimersByTime(1000)
    // Half a line was written, and then the end of that line.
    expect(reader.text).toBe("one\nt\nfive\n3 dropped\n")
  })

  it.each(["EPIPE", "ERR_STREAM_DESTROYED"])("says nothing more to a reader that has gone (%s)", (code) => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    reader.fault = [code, 0]
    writer.write(() => "unheard", false)
    vi.advanceTimersByTime(100)
    writer.write(() => "unheard", false)
    vi.advanceTimersByTime(10_000)
    expect(reader.text).toBe("")
    const end = vi.fn()
    writer.end(end)
    expect(end).toHaveBeenCalledOnce()
  })

  it("writes what is left at the end, and waits until it is taken", () => {
    const reader = new Reader()
    reader.isSlow = true
    const writer = new LineWriter(reader, dropped)
    writer.write(() => "last", false)
    const end = vi.fn()
    writer.end(end)
    expect(reader.text).toBe("last\n")
    expect(end).not.toHaveBeenCalled()
    reader.take()
    expect(end).toHaveBeenCalledOnce()
  })
})
