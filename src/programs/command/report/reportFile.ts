import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { Page } from "./Page.js"
import { render } from "./Page.js"

/** A page could not be written where it was wanted. */
export class ReportNotWritten extends Data.TaggedError("ReportNotWritten")<
  { readonly file: string; readonly cause: PlatformError }
> {
  override get message(): string {
    const reason = this.cause._tag === "SystemError" ? this.cause.reason : this.cause.description
    return `The report cannot be written to ${this.file} (${reason}): choose another file.`
  }
}

const failed = (file: string) => Effect.mapError((cause: PlatformError) => new ReportNotWritten({ file, cause }))

/** Fails now rather than at the end of long work if a page cannot be written to the file. */
export const reserve = (file: string): Effect.Effect<void, ReportNotWritten, FileSystem.FileSystem> =>
  Effect.scoped(Effect.flatMap(FileSystem.FileSystem, (fs) => fs.open(file, { flag: "a" }))).pipe(failed(file))

/** Writes a page, in the place of what the file held. */
export const write = (file: string, page: Page): Effect.Effect<void, ReportNotWritten, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(file, render(page))).pipe(failed(file))
