/** What is played: every model with every protocol, under limits in turn; in an order that the seed gives. */
import type { PCGRandom } from "effect/Utils"
import type { Speech } from "./Speech.js"
import { speeches } from "./Speech.js"

export type Model = "once" | "iterative" | "single" | "threaded" | "select"

/** Times are in milliseconds; those left out are the command's own defaults. */
export interface Limits {
  readonly name: string
  readonly idle?: number
  readonly request?: number
  readonly write?: number
  readonly drain: number
  /** Of the models that serve many. */
  readonly most?: number
  readonly atLimit?: "wait" | "refuse"
}

export interface Case {
  readonly number: number
  readonly model: Model
  readonly speech: Speech
  readonly limits: Limits
  readonly seed: number
}

const models: ReadonlyArray<Model> = ["once", "iterative", "single", "threaded", "select"]

/** Equal ones fall due in one millisecond: on one connection, and on many that came at once. */
const limits: ReadonlyArray<Limits> = [
  { name: "all limits 1 s", idle: 1000, request: 1000, write: 1000, drain: 1000 },
  { name: "limits of 1.5, 0.7 and 1.1 s", idle: 1500, request: 700, write: 1100, drain: 1300 },
  { name: "request and write 1 s, 16 refuse", request: 1000, write: 1000, drain: 1000, most: 16, atLimit: "refuse" },
  { name: "the defaults", drain: 2000 },
  { name: "idle and write 0.5 s, 16 wait", idle: 500, write: 500, drain: 500, most: 16, atLimit: "wait" }
]

export const shuffled = <A>(items: ReadonlyArray<A>, random: PCGRandom): Array<A> => {
  const deck = [...items]
  for (let i = deck.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[deck[i], deck[j]] = [deck[j]!, deck[i]!]
  }
  return deck
}

/** The longest time that a client may be over its welcome, in milliseconds. */
export const longest = ({ idle = 0, request = 30_000, write = 30_000 }: Limits): number =>
  Math.max(idle, request, write)

const time = (option: string, milliseconds: number | undefined): ReadonlyArray<string> =>
  milliseconds === undefined ? [] : [option, `${milliseconds} millis`]

export const serveArguments = (
  { limits: { atLimit, drain, idle, most, request, write }, model, speech }: Case
): ReadonlyArray<string> => [
  model,
  speech.protocol,
  ...time("--idle-timeout", idle),
  ...time("--request-timeout", request),
  ...time("--write-timeout", write),
  ...time("--drain-timeout", drain),
  ...(most === undefined ? [] : ["--max-connections", String(most)]),
  ...(atLimit === undefined ? [] : ["--at-limit", atLimit])
]

export const title = ({ limits, model, number, speech }: Case): string =>
  `${number}. ${model} ${speech.protocol}, ${limits.name}`

/** Cases without end, in an order of that chance: every model with every protocol, and the next time under other limits. */
const endless = function*(
  pairs: ReadonlyArray<Pick<Case, "model" | "speech">>,
  random: PCGRandom
): Generator<Case, never> {
  for (let number = 1, round = 0;; round++) {
    for (const { model, speech } of shuffled(pairs, random)) {
      const turn = (round + models.indexOf(model) + speeches.indexOf(speech)) % limits.length
      yield { number: number++, model, speech, limits: limits[turn]!, seed: random.integer(2 ** 31) }
    }
  }
}

/** Those of whose model and protocol that is a part; undefined if there are none. */
export const cases = (random: PCGRandom, only: string): Iterator<Case, never> | undefined => {
  const pairs = models.flatMap((model) => speeches.map((speech) => ({ model, speech })))
    .filter(({ model, speech }) => `${model} ${speech.protocol}`.includes(only))
  return pairs.length === 0 ? undefined : endless(pairs, random)
}
