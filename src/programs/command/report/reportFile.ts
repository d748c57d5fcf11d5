import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { UsageError } from "../arguments/UsageError.js"
import type { Page } from "./Page.js"
import { render } from "./Page.js"

/** A page could not be written where it was wanted. */
export class ReportNotWritten extends Data.TaggedError("ReportNotWritten")<
  { readonly file: string; readonly cause: PlatformError }
> {
  override get message(): string {
    return sentence(this.file, this.cause)
  }
}

const reasons: Readonly<Record<string, string>> = {
  NotFound: "there is no such folder",
  PermissionDenied: "this user may not",
  BadResource: "it is a folder"
}

const sentence = (file: string, cause: PlatformError): string => {
  const reason = cause._tag === "SystemError" ? reasons[cause.reason] ?? cause.reason : cause.description
  return `The report cannot be written to ${file} (${reason}): choose another file.`
}

const failed = (file: string) => Effect.mapError((cause: PlatformError) => new ReportNotWritten({ file, cause }))

/** Fails now rather than at the end of long work if a page cannot be written to the file. */
export const reserve = (file: string): Effect.Effect<void, UsageError, FileSystem.FileSystem> =>
  Effect.scoped(Effect.flatMap(FileSystem.FileSystem, (fs) => fs.open(file, { flag: "a" }))).pipe(
    Effect.mapError((cause) => new UsageError({ message: sentence(file, cause) }))
  )

/** Writes a page, in the place of what the file held. */
export const write = (file: string, page: Page): Effect.Effect<void, ReportNotWritten, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(file, render(page))).pipe(failed(file))
