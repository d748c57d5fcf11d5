/** The sentence with which a command fails. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as Descriptor from "./Descriptor.js"
import * as formats from "./formats.js"
import { printable } from "./printable.js"

/** For people, or as the last line of a log for programs. */
export type Format = "sentence" | "json"

const line = (sentence: string, format: Format): string =>
  format === "sentence" ? `switchboard: ${printable(sentence)}` : formats.json.entry({
    level: LogLevel.Error,
    message: sentence,
    fields: { event: "ended" }
  })

/** Says it on standard error, to who takes it within that time. The exit code says it, too. */
export const say = (sentence: string, format: Format, patience: Duration.DurationInput): Effect.Effect<void> =>
  Effect.acquireUseRelease(
    Effect.sync(() => Descriptor.open(process.stderr)),
    (descriptor) =>
      Effect.async<void>((resume) =>
        descriptor.write(Buffer.from(`${line(sentence, format)}\n`), () => resume(Effect.void))
      )
        .pipe(Effect.interruptible, Effect.timeoutOption(patience)),
    (descriptor) => Effect.sync(() => descriptor.close())
  ).pipe(Effect.asVoid)
