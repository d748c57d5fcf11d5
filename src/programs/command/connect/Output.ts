import * as Effect from "effect/Effect"
import type { Writable } from "node:stream"
import { highWaterMark } from "../../../services/Connection.js"

/** Characters and bytes that are held for a slow reader before no more is made for it. */
const most = 262_144

/** Lines for stdout. What is printed in one go is written at once. */
export class Output {
  private readonly stream: Writable
  private text = ""

  constructor(stream: Writable) {
    this.stream = stream
  }

  print(line: string): void {
    if (this.text === "") queueMicrotask(() => this.flush())
    this.text += `${line}\n`
    if (this.text.length >= highWaterMark) this.flush()
  }

  /** Whether its reader is so far behind that it should be waited for. */
  get isFull(): boolean {
    return this.text.length + this.stream.writableLength >= most
  }

  /** Waits until its reader has taken all. */
  readonly taken: Effect.Effect<void> = Effect.async((resume) => {
    this.flush()
    // Also where nothing waits: that the last write failed is told a moment after it.
    this.stream.write("", () => resume(Effect.void))
  })

  private flush(): void {
    const { text } = this
    this.text = ""
    if (text !== "") this.stream.write(text)
  }
}
