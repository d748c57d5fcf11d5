/** The command `bench`. */
import * as NodeCommandExecutor from "@effect/platform-node/NodeCommandExecutor"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import type { ConnectError } from "../../../domain/NetworkError.js"
import { ReplyTimeout } from "../../../domain/NetworkError.js"
import type { TextProtocol } from "../../../domain/Protocol.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { Connector } from "../../../services/Connector.js"
import * as Evaluator from "../../../services/Evaluator.js"
import type { HungUp } from "../../client/disconnected.js"
import type { Encryption } from "../arguments/encrypted.js"
import { encrypted, warning } from "../arguments/encrypted.js"
import { namedModel } from "../arguments/namedModel.js"
import { namedProtocol } from "../arguments/namedProtocol.js"
import { UsageError } from "../arguments/UsageError.js"
import { precise } from "../console/PreciseClock.js"
import { columnsOf } from "../console/terminal.js"
import type { ReportNotWritten } from "../report/reportFile.js"
import { reserve, write } from "../report/reportFile.js"
import * as LiveLine from "./LiveLine.js"
import * as Load from "./Load.js"
import { page } from "./page.js"
import * as Report from "./Report.js"
import * as ServerProcess from "./ServerProcess.js"
import * as text from "./text.js"
import type { Unmeasurable } from "./Workload.js"
import * as Workload from "./Workload.js"

export interface Options extends Encryption {
  readonly protocol: string
  /** A running server. Without a port, servers of the models are started. */
  readonly host: string
  readonly port: number | undefined
  /** Empty: all that can be measured. */
  readonly models: ReadonlyArray<string>
  readonly connections: number
  readonly depth: number
  readonly duration: Duration.Duration
  readonly warmUp: Duration.Duration
  readonly rate: number | undefined
  /** Empty: one that suits the protocol. */
  readonly messages: ReadonlyArray<string>
  readonly framing: "auto" | "line" | "chunk"
  /** Whether calc leaves out its reasons. */
  readonly terse: boolean
  readonly timeout: Duration.Duration
  readonly json: boolean
  readonly compare: boolean
  readonly report: string | undefined
}

/** Some connections were lost; with all of them, the load would have ended. */
export class ConnectionsLost extends Data.TaggedError("ConnectionsLost")<{
  readonly address: Address
  readonly lost: number
  readonly connections: number
}> {
  override get message(): string {
    return `The server at ${
      format(this.address)
    } gave up ${this.lost} of ${this.connections} connections under load: see its log for the reason.`
  }
}

export type BenchError =
  | UsageError
  | Unmeasurable
  | ServerProcess.ServerFailed
  | Load.WrongReplies
  | ConnectionsLost
  | ReportNotWritten
  | ConnectError
  | CertificateUnusable
  | HungUp
  | ReplyTimeout

/** `once` is not among them: it ends with its first answer. */
const measurable = ["threaded", "select", "iterative", "single"]

/** These serve one connection at a time. */
const solitary = new Set(["iterative", "single"])

const usualMessages: Readonly<Record<string, string>> = { calc: "12+34*2", reverse: "ADVANCE" }

/** A server to be measured, and how many connections it can take. */
interface Subject {
  readonly name: string
  readonly connections: number
  readonly start: ReturnType<typeof ServerProcess.start>
}

const subjects = (options: Options): Effect.Effect<ReadonlyArray<Subject>, UsageError> => {
  const { connections, framing, host, models, port, protocol, terse } = options
  if (port !== undefined) {
    const address = { host, port }
    return models.length > 0
      ? new UsageError({
        message: "--model does not go with --port: a running server has the model it was started with."
      })
      : Effect.succeed([{ name: format(address), connections, start: Effect.succeed(address) }])
  }
  return Effect.forEach(
    models.length > 0 ? models : measurable,
    (name) =>
      Effect.flatMap(namedModel(name), ({ name }) =>
        measurable.includes(name)
          ? Effect.succeed({
            name,
            connections: solitary.has(name) ? 1 : connections,
            start: ServerProcess.start(name, [
              protocol,
              "--max-connections",
              String(Math.max(connections, 10_000)),
              ...(framing === "auto" ? [] : ["--framing", framing]),
              ...(terse ? ["--terse"] : [])
            ])
          })
          : new UsageError({ message: `${name} ends with its first answer: measure one of ${measurable.join(", ")}.` }))
  )
}

const refuse = (message: string): UsageError => new UsageError({ message })

const mostUnderWay = 10_000_000

const checked = (options: Options): Effect.Effect<void, UsageError> => {
  const { connections, depth, duration, warmUp } = options
  if (!Duration.isFinite(duration) || Duration.toMillis(duration) === 0) {
    return refuse("--duration must be longer than nothing and have an end.")
  }
  if (options.tls && options.port === undefined) {
    return refuse("--tls goes with --port: the servers that are started for the bench have no certificate.")
  }
  if (!Duration.isFinite(warmUp)) return refuse("--warm-up must have an end.")
  if (connections * depth > mostUnderWay) {
    return refuse(
      `--connections times --depth must be ${mostUnderWay} at the most: each request under way takes memory.`
    )
  }
  if (options.json && options.compare) return refuse("--json and --compare do not go together: choose one.")
  return Effect.void
}

/** What to send, and what must come back. */
const prepare = (options: Options) =>
  Effect.gen(function*() {
    const messages = options.messages.length > 0 ? options.messages : [usualMessages[options.protocol] ?? "hello"]
    const protocol = yield* namedProtocol(options.protocol, options.terse)
    const framing = (options.framing === "auto" ? protocol.framing.name : options.framing) === "chunk"
      ? "chunk"
      : "line"
    if (framing === "chunk" && options.depth > 1) {
      return yield* refuse("--depth must be 1 in chunk framing: replies could not be told apart.")
    }
    const workload = yield* Workload.make(protocol as TextProtocol<unknown, Evaluator.Evaluator>, messages, framing)
    return { messages, protocol: protocol.name, workload }
  })

/** Whether all went well, once everything is measured and said. */
const verdict = (
  address: Address,
  timeout: Duration.Duration,
  { connections, errors, firstWrong }: Load.Measurement
): Effect.Effect<void, Load.WrongReplies | ConnectionsLost | ReplyTimeout> => {
  const lost = (errors.ConnectionReset ?? 0) + (errors.ConnectionClosed ?? 0) + (errors.ConnectionRefused ?? 0)
  if (firstWrong !== undefined) {
    return new Load.WrongReplies({ address, count: errors.WrongReply ?? 0, first: firstWrong })
  }
  if (lost > 0) return new ConnectionsLost({ address, lost, connections })
  if (errors.ReplyTimeout !== undefined) return new ReplyTimeout({ address, timeout })
  return Effect.void
}

/** Puts one server under load. What was measured of it when it is interrupted goes to `cut`. */
const measure = (
  subject: Subject,
  workload: Workload.Workload,
  options: Options,
  cut: (result: Report.Result) => void
): Effect.Effect<readonly [Report.Result, Effect.Effect<void, BenchError>], BenchError, CommandExecutor | Connector> =>
  Effect.gen(function*() {
    const address = yield* subject.start
    const load = yield* Load.make(address, workload, { ...options, connections: subject.connections })
    yield* Effect.forkScoped(LiveLine.show(subject.name, {
      warmUp: Duration.toSeconds(options.warmUp),
      measure: Duration.toSeconds(options.duration)
    }, load.progress))
    const run = options.rate === undefined ? load.run : Effect.withClock(load.run, precise)
    const measurement = yield* Effect.onInterrupt(run, () =>
      Effect.sync(() => {
        const soFar = load.soFar()
        if (soFar !== undefined) cut({ server: subject.name, ...soFar })
      }))
    return [{ server: subject.name, ...measurement }, verdict(address, options.timeout, measurement)] as const
  }).pipe(Effect.scoped)

/** Measures, says what it found, and fails if not all went well. Interrupted, it says what it has found so far. */
export const run = (options: Options): Effect.Effect<void, BenchError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    yield* checked(options)
    const warned = warning(options)
    if (warned !== undefined) yield* Console.error(`switchboard: ${warned}`)
    const candidates = yield* subjects(options)
    if (options.report !== undefined) yield* reserve(options.report)
    const { messages, protocol, workload } = yield* prepare(options)
    const setup: Report.Setup = {
      protocol,
      messages,
      framing: workload.framing,
      depth: options.depth,
      rate: options.rate,
      seconds: Duration.toSeconds(options.duration),
      warmUpSeconds: Duration.toSeconds(options.warmUp)
    }
    const isText = !options.json && !options.compare
    const results: Array<Report.Result> = []
    const tell = (result: Report.Result): Effect.Effect<void> => {
      results.push(result)
      return isText ? Console.log(text.details(setup, result, columnsOf(process.stdout))) : Effect.void
    }
    const conclude = (isCutShort: boolean) =>
      Effect.gen(function*() {
        const report = Report.make(DateTime.toDate(yield* DateTime.now), setup, results, isCutShort)
        if (options.json) yield* Console.log(JSON.stringify(report, undefined, 2))
        if (options.compare) yield* Console.log(text.comparison(report, columnsOf(process.stdout)))
        if (options.report !== undefined) yield* write(options.report, page(report))
      })
    let cut: Report.Result | undefined = undefined
    const verdicts = yield* Effect.forEach(candidates, (subject) =>
      Effect.gen(function*() {
        const [result, verdict] = yield* measure(subject, workload, options, (result) => {
          cut = result
        })
        yield* tell(result)
        return verdict
      })).pipe(
        Effect.onInterrupt(() =>
          Effect.zipRight(
            cut === undefined ? Effect.void : tell(cut),
            Effect.catchAll(conclude(true), ({ message }) => Console.error(`switchboard: ${message}`))
          )
        )
      )
    yield* conclude(false)
    yield* Effect.forEach(verdicts, (verdict) => verdict, { discard: true })
  }).pipe(
    Effect.provide([Evaluator.layer, encrypted(options), NodeCommandExecutor.layer])
  )
