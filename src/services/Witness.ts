import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import type { Address } from "../domain/Address.js"
import { format } from "../domain/Address.js"
import type { ServerEvent, What } from "../domain/ServerEvent.js"
import type { Shape as Observer, Timings } from "./Observer.js"

/** Milliseconds between two complaints about an observer. */
const patience = 1000

/** Tells a server's observer what happens, and lets nothing that the observer does change anything. */
export class Witness {
  /** Whether `Request` and `Reply` events are wanted. */
  readonly messages: boolean
  /** Who is to be told how long things take. */
  readonly timings: Timings | undefined
  readonly server: string
  private readonly observer: Observer
  private readonly now: () => number
  private readonly log: (entry: Effect.Effect<void>) => void
  private complainedAt = -Infinity
  private faults = 0

  constructor(server: string, observer: Observer, now: () => number, runtime: Runtime.Runtime<never>) {
    this.server = server
    this.observer = observer
    this.messages = observer.messages
    this.timings = observer.timings && this.guarded(observer.timings)
    this.now = now
    this.log = Runtime.runFork(runtime)
  }

  /** Whoever tells has made it for this: it is told on as it is, with the server's name. A copy would cost ten times as much. */
  tell(what: What): void {
    const event = what as What & { server: string }
    event.server = this.server
    try {
      this.observer.observe(event)
      if (this.observer.logs?.(event) === true) this.log(entryOf(event))
    } catch (fault) {
      this.complain(event._tag, fault)
    }
  }

  private guarded({ requests, stall }: Timings): Timings {
    const attempt = (what: string, tell: () => void): void => {
      try {
        tell()
      } catch (fault) {
        this.complain(what, fault)
      }
    }
    return {
      requests: (server, count, millis) => attempt("a request's time", () => requests(server, count, millis)),
      stall: (server, millis) => attempt("a stall", () => stall(server, millis))
    }
  }

  private complain(what: string, fault: unknown): void {
    this.faults++
    const now = this.now()
    if (now - this.complainedAt < patience) return
    const times = this.faults === 1 ? "" : `, ${this.faults} times`
    this.log(
      Effect.logError(`The observer of ${this.server} threw when it was told of ${what}${times}`, Cause.die(fault))
    )
    this.complainedAt = now
    this.faults = 0
  }
}

const warnings: ReadonlySet<string> = new Set([
  "CapLowered",
  "Refused",
  "Exhausted",
  "CertificatesRejected",
  "ProxyFault"
])

/** What happened, as a line of a log: its name, and the rest as annotations. */
const entryOf = ({ _tag, server, ...details }: ServerEvent): Effect.Effect<void> => {
  const { cause, ...rest } = { cause: undefined, ...details }
  const annotations = Object.fromEntries(
    Object.entries(rest).map((
      [key, value]
    ) => [key, key === "peer" || key === "address" ? format(value as Address) : value])
  )
  const entry = cause !== undefined
    ? Effect.logError(_tag, cause)
    : warnings.has(_tag)
    ? Effect.logWarning(_tag)
    : Effect.logInfo(_tag)
  return Effect.annotateLogs(entry, { server, ...annotations })
}
