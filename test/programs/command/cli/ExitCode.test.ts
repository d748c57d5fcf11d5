import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as FiberId from "effect/FiberId"
import { FrameTooLong } from "../../../../src/domain/Framing.js"
import * as NetworkError from "../../../../src/domain/NetworkError.js"
import { UsageError } from "../../../../src/programs/command/arguments/UsageError.js"
import type { Failure } from "../../../../src/programs/command/cli/ExitCode.js"
import * as ExitCode from "../../../../src/programs/command/cli/ExitCode.js"
import { MessagesRejected } from "../../../../src/programs/command/connect/Rejection.js"
import { DrainTimeout } from "../../../../src/programs/command/serve/DrainTimeout.js"

const address = { host: "127.0.0.1", port: 1234 }
const timeout = Duration.seconds(2)

const failures: ReadonlyArray<readonly [error: Failure, code: number]> = [
  [new UsageError({ message: "Not so." }), 2],
  [new NetworkError.ConnectionRefused({ address, reason: "not listening" }), 3],
  [new NetworkError.ConnectionRefused({ address, reason: "turned away" }), 3],
  [new NetworkError.HostNotFound({ address }), 3],
  [new NetworkError.ConnectTimeout({ address, timeout }), 4],
  [new NetworkError.ReplyTimeout({ address, timeout }), 4],
  [new DrainTimeout({ cut: 2 }), 4],
  [new NetworkError.ConnectionReset({ address }), 5],
  [new NetworkError.ConnectionClosed({ address }), 5],
  [new FrameTooLong({ limit: 10 }), 5],
  [new NetworkError.PortInUse({ address }), 6],
  [new NetworkError.AddressUnavailable({ address }), 6],
  [new NetworkError.PermissionDenied({ address }), 6],
  [new MessagesRejected({ rejected: 1, sent: 2, byServer: true }), 7]
]

describe("The exit code", () => {
  it.each(failures)("of %s is %i, and its sentence is the error's", (error, code) => {
    expect(ExitCode.describe(Cause.fail(error))).toEqual([code, error.message])
  })

  it("is that of the failure, when an interruption came with it", () => {
    const cause = Cause.sequential(Cause.fail(new DrainTimeout({ cut: 1 })), Cause.interrupt(FiberId.none))
    expect(ExitCode.describe(cause)[0]).toBe(4)
  })

  it("of an interruption is 0, and there is nothing to say", () => {
    expect(ExitCode.describe(Cause.interrupt(FiberId.none))).toEqual([0, undefined])
  })

  it("of a bug is 1, without its stack", () => {
    expect(ExitCode.describe(Cause.die(new TypeError("x is not a function")))).toEqual([
      1,
      "Unexpected failure: x is not a function"
    ])
  })

  it("of what the parser found is 2, each fault said once", () => {
    const twice = HelpDoc.sequence(HelpDoc.p("No such thing."), HelpDoc.p("No such thing."))
    expect(ExitCode.describe(Cause.fail(ValidationError.invalidValue(twice)))).toEqual([2, "No such thing."])
  })
})
