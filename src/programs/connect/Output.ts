import * as Effect from "effect/Effect"
import type { Writable } from "node:stream"
import { highWaterMark } from "../../services/Connection.js"

/** Lines for stdout. What is printed in one go is written at once; a reader that has gone ends the program in good order. */
export class Output {
  private readonly stream: Writable
  private text = ""

  constructor(stream: Writable) {
    this.stream = stream
  }

  /** Waits until the reader has gone, as `head` does when it has had enough. */
  readonly closed: Effect.Effect<void> = Effect.async((resume) => {
    const onError = (): void => resume(Effect.void)
    this.stream.on("error", onError)
    return Effect.sync(() => this.stream.off("error", onError))
  })

  print(line: string): void {
    if (this.text === "") queueMicrotask(() => this.flush())
    this.text += `${line}\n`
    if (this.text.length >= highWaterMark) this.flush()
  }

  private flush(): void {
    if (this.text === "") return
    this.stream.write(this.text)
    this.text = ""
  }
}
