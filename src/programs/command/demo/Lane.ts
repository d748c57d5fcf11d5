/** What happened to each client, as spans of time: a pure function of what clients and server say. */

/** What is seen of one client. `client` counts from 1; `at` is in milliseconds since the start. */
export interface Happening {
  readonly _tag: "Connecting" | "Asked" | "Serving" | "Answered" | "Left" | "Refused" | "TurnedOut"
  readonly client: number
  readonly at: number
}

/** From the first packet to the first question a client is `connecting`; between an answer and a question it is `thinking`. */
export type State = "connecting" | "waiting" | "served" | "thinking"

/** `done`: all was answered. `refused`: nothing was. `closed`: the server hung up in between. */
export type End = "done" | "refused" | "closed"

export interface Span {
  readonly state: State
  readonly from: number
  /** Undefined while it lasts. */
  readonly to: number | undefined
}

export interface Lane {
  readonly client: number
  readonly spans: ReadonlyArray<Span>
  readonly answers: number
  readonly end: { readonly how: End; readonly at: number } | undefined
}

/** One lane a client, from 1 to `clients`. */
export const lanes = (clients: number, happenings: ReadonlyArray<Happening>): ReadonlyArray<Lane> => {
  const all = Array.from(
    { length: clients },
    (_, i): Lane => ({ client: i + 1, spans: [], answers: 0, end: undefined })
  )
  for (const happening of happenings) {
    const lane = all[happening.client - 1]
    if (lane !== undefined) all[happening.client - 1] = next(lane, happening)
  }
  return all
}

const entered = { Connecting: "connecting", Asked: "waiting", Serving: "served", Answered: "thinking" } as const
const ended = { Left: "done", Refused: "refused", TurnedOut: "closed" } as const

const next = (lane: Lane, { _tag, at }: Happening): Lane => {
  if (_tag === "Left" || _tag === "Refused" || _tag === "TurnedOut") {
    return { ...lane, spans: leave(lane.spans, at), end: { how: ended[_tag], at } }
  }
  const spans = [...leave(lane.spans, at), { state: entered[_tag], from: at, to: undefined }]
  return { ...lane, spans, answers: lane.answers + (_tag === "Answered" ? 1 : 0) }
}

/** Ends the last span. One that took no time is as if it had not been, but that a client came is always seen. */
const leave = (spans: ReadonlyArray<Span>, at: number): ReadonlyArray<Span> => {
  const last = spans.at(-1)
  if (last === undefined) return spans
  const before = spans.slice(0, -1)
  return last.from === at && last.state !== "connecting" ? before : [...before, { ...last, to: at }]
}

/** What a client is doing at a time; undefined before it comes and after it has gone. */
export const stateAt = (spans: ReadonlyArray<Span>, at: number): State | undefined =>
  spans.find(({ from, to }) => from <= at && (to === undefined || at < to))?.state

/** What a class would write on the blackboard at the end. Times are in milliseconds. */
export interface Summary {
  readonly answers: number
  /** Clients that got no answer at all. */
  readonly refused: number
  /** The longest that anyone waited for one answer to begin. */
  readonly longestWait: number
  /** Most clients being answered at one moment. */
  readonly atOnce: number
  /** When the last client was gone. */
  readonly end: number
}

const length = ({ from, to }: Span): number => (to ?? from) - from

export const summarize = (lanes: ReadonlyArray<Lane>): Summary => {
  const spans = (state: State) => lanes.flatMap((lane) => lane.spans.filter((span) => span.state === state))
  const served = spans("served")
  return {
    answers: lanes.reduce((sum, lane) => sum + lane.answers, 0),
    refused: lanes.filter((lane) => lane.end?.how === "refused").length,
    longestWait: Math.max(0, ...spans("waiting").map(length)),
    atOnce: Math.max(
      0,
      ...served.map(({ from }) => served.filter((s) => s.from <= from && from < (s.to ?? Infinity)).length)
    ),
    end: Math.max(0, ...lanes.map((lane) => lane.end?.at ?? 0))
  }
}
