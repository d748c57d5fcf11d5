/** How the command ends: a code for programs, and one sentence for people. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { FramingError } from "../../../domain/Framing.js"
import type * as NetworkError from "../../../domain/NetworkError.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { MathjsNotInstalled } from "../../../services/MathjsEvaluator.js"
import type { WorkerNotFound } from "../../../services/WorkerEvaluator.js"
import type { UsageError } from "../arguments/UsageError.js"
import type { BenchError } from "../bench/Bench.js"
import type { MessagesRejected } from "../connect/Rejection.js"
import type { Unwell } from "../doctor/Finding.js"
import type { NoSuchServer, NotReloaded } from "../reload/errors.js"
import type { ReportNotWritten } from "../report/reportFile.js"
import type { DrainTimeout } from "../serve/DrainTimeout.js"
import type { WorkerFailed } from "../supervise/errors.js"

/** The codes, for `--help`. */
export const meanings: ReadonlyArray<readonly [code: string, meaning: string]> = [
  ["0", "Done; a server also when a signal stopped it and it has drained."],
  ["1", "An unexpected failure."],
  ["2", "A mistake in the arguments or the settings."],
  ["3", "Refused, no such server, or none to be trusted."],
  ["4", "Timed out; also a stop that had to cut clients."],
  ["5", "The connection was lost."],
  ["6", "The port is in use, or the address not available."],
  ["7", "The server rejected a message, be it an argument or a line of the input."],
  ["8", "The doctor has found something wrong."],
  ["128 + n", "Ended by signal n, a server by a second one: 130 for Ctrl+C, 143 for SIGTERM."]
]

/** What the subcommands may fail with. */
export type Failure =
  | UsageError
  | DrainTimeout
  | MathjsNotInstalled
  | WorkerNotFound
  | WorkerFailed
  | NoSuchServer
  | NotReloaded
  | NetworkError.ListenError
  | NetworkError.ConnectError
  | CertificateUnusable
  | NetworkError.ReplyTimeout
  | NetworkError.Disconnected
  | FramingError
  | ReportNotWritten
  | MessagesRejected
  | BenchError
  | Unwell

const codes: Readonly<Record<Exclude<Failure["_tag"], "WorkerFailed">, number>> = {
  UsageError: 2,
  CertificateUnusable: 2,
  MathjsNotInstalled: 2,
  WorkerNotFound: 2,
  Unmeasurable: 2,
  ConnectionRefused: 3,
  HostNotFound: 3,
  NoSuchServer: 3,
  ConnectFailed: 3,
  CertificateUntrusted: 3,
  HandshakeFailed: 3,
  ConnectTimeout: 4,
  ReplyTimeout: 4,
  Unresponsive: 4,
  DrainTimeout: 4,
  ConnectionReset: 5,
  ConnectionClosed: 5,
  ConnectionsLost: 5,
  FrameTooLong: 5,
  InvalidFrame: 5,
  InvalidText: 5,
  InvalidMessage: 5,
  PortInUse: 6,
  AddressUnavailable: 6,
  PermissionDenied: 6,
  ListenFailed: 1,
  NotReloaded: 1,
  ReportNotWritten: 1,
  ServerFailed: 1,
  WrongReplies: 1,
  MessagesRejected: 7,
  Unwell: 8
}

/** The code and the sentence of a failure; of an interruption the code is that of its signal, which `Signals` knows. */
export const describe = (
  cause: Cause.Cause<Failure | ValidationError.ValidationError>
): readonly [code: number, sentence: string | undefined] => {
  const failure = Cause.failureOption(cause)
  if (Option.isSome(failure)) {
    const error = failure.value
    if (ValidationError.isValidationError(error)) return [2, plain(error.error)]
    return [error._tag === "WorkerFailed" ? error.code : codes[error._tag], error.message]
  }
  const defect = Cause.dieOption(cause)
  if (Option.isNone(defect)) return [0, undefined]
  return [1, `Unexpected failure: ${defect.value instanceof Error ? defect.value.message : String(defect.value)}`]
}

/** Help as one sentence, or a sentence for each fault. */
const plain = (help: HelpDoc.HelpDoc): string => {
  const paragraphs = HelpDoc.toAnsiText(help).replace(/\x1b\[[\d;]*m/g, "").split(/\n\n+/)
  return [...new Set(paragraphs.map((paragraph) => paragraph.replace(/\s+/g, " ").trim()))].join(" ").trim()
}

/** The code alone. */
export const ofExit = (exit: Exit.Exit<void, Failure | ValidationError.ValidationError>): number =>
  Exit.isFailure(exit) ? describe(exit.cause)[0] : 0
