import { Writable } from "node:stream"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { LineWriter } from "../../../../src/programs/command/console/LineWriter.js"

/** A stream whose reader takes what it is told to take. */
class Reader extends Writable {
  text = ""
  isSlow = false
  private held: (() => void) | undefined = undefined

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    if (this.isSlow) this.held = done
    else done()
  }

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

  it("holds no more than 64 KiB and its lines for a reader that is slow", () => {
    const reader = new Reader()
    reader.isSlow = true
    const writer = new LineWriter(reader, dropped)
    const line = "x".repeat(999)
    for (let i = 0; i < 10_000; i++) {
      writer.write(() => line, false)
      vi.advanceTimersByTime(1)
    }
    expect(reader.writableLength).toBeLessThan(65_536 + 25 * 1000)
    reader.take()
    vi.advanceTimersByTime(25)
    expect(reader.text).toMatch(/\n\d+ dropped\n$/)
  })

  it("says nothing more to a reader that has gone, and does not fail", () => {
    const reader = new Reader()
    const writer = new LineWriter(reader, dropped)
    reader.emit("error", new Error("EPIPE"))
    writer.write(() => "unheard", false)
    vi.advanceTimersByTime(100)
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
