import * as Effect from "effect/Effect"

/** Whether a stream's text has the pattern, and the wait until it does. */
export class Output {
  text = ""
  private waiting: Array<() => void> = []

  constructor(stream: NodeJS.ReadableStream) {
    stream.setEncoding("utf8")
    stream.on("data", (chunk: string) => {
      this.text += chunk
      for (const look of this.waiting) look()
    })
  }

  readonly find = (pattern: RegExp): Effect.Effect<RegExpExecArray> =>
    Effect.async((resume) => {
      const look = (): void => {
        const match = pattern.exec(this.text)
        if (match === null) return
        this.waiting = this.waiting.filter((other) => other !== look)
        resume(Effect.succeed(match))
      }
      this.waiting.push(look)
      look()
    })
}
