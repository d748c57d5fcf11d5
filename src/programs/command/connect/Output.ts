import type { Writable } from "node:stream"
import { highWaterMark } from "../../../services/Connection.js"

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

  private flush(): void {
    if (this.text === "") return
    this.stream.write(this.text)
    this.text = ""
  }
}
