/**
 * Runs a program on a virtual network of which you give the conditions; or on many, to find the one on which it breaks.
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import type * as Conditions from "../../domain/testing/Conditions.js"
import type { Transcript } from "../../domain/testing/Transcript.js"
import { format } from "../../domain/testing/Transcript.js"
import type { Connector } from "../../services/Connector.js"
import type { SocketServer } from "../../services/SocketServer.js"
import * as VirtualNetwork from "../../services/VirtualNetwork.js"
import * as Simulation from "./Simulation.js"

/**
 * A network on which the scenario broke. Its message has all that is known: what broke, the conditions that were needed
 * for it, to be given to `run`, and the timeline.
 *
 * @since 0.1.0
 * @category errors
 */
export class Counterexample extends Data.TaggedError("Counterexample")<{
  readonly conditions: Conditions.Options
  readonly transcript: Transcript
  readonly cause: Cause.Cause<unknown>
  /** Networks tried until one broke the scenario, and simpler ones that broke it, too. */
  readonly search?: { readonly runs: number; readonly shrinks: number } | undefined
}> {
  override get message(): string {
    const { search } = this
    return [
      search === undefined
        ? "The scenario broke."
        : `The scenario broke on network ${search.runs}, made simple in ${search.shrinks} steps.`,
      Cause.pretty(this.cause),
      `The network: ${JSON.stringify(this.conditions)}`,
      format(this.transcript)
    ].join("\n\n")
  }
}

/**
 * A program with its invariants: it fails, or dies, where one is broken. It has the services of `VirtualNetwork.layer`.
 *
 * @since 0.1.0
 * @category models
 */
export type Scenario<A, E> = Effect.Effect<
  A,
  E,
  VirtualNetwork.VirtualNetwork | SocketServer | Connector | Scope.Scope
>

/**
 * How many networks to try, and which; what is left out has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Networks to try. Default: 100. */
  readonly runs?: number | undefined
  /** Decides which. Default: 0. */
  readonly seed?: number | undefined
  /** The kinds of networks to try. Default: `networks()`. */
  readonly networks?: FastCheck.Arbitrary<Conditions.Options> | undefined
}

const optional = (least: number, most: number): FastCheck.Arbitrary<number | undefined> =>
  FastCheck.option(FastCheck.integer({ min: least, max: most }), { nil: undefined })

const upTo = (most: number): FastCheck.Arbitrary<number> => FastCheck.integer({ min: 0, max: most })

const place = {
  connection: FastCheck.integer({ min: 1, max: 8 }),
  direction: FastCheck.constantFrom<Array<Conditions.Direction>>("toServer", "toClient"),
  byte: upTo(1000)
}

const stall: FastCheck.Arbitrary<Conditions.Fault> = FastCheck.record({
  _tag: FastCheck.constant("Stall"),
  ...place,
  duration: upTo(500)
})

const partition: FastCheck.Arbitrary<Conditions.Fault> = FastCheck.record({
  _tag: FastCheck.constant("Partition"),
  hosts: FastCheck.constant<readonly [string, string]>(["client", "localhost"]),
  at: upTo(5000),
  duration: upTo(500)
})

const cut: FastCheck.Arbitrary<Conditions.Fault> = FastCheck.record({ _tag: FastCheck.constant("Cut"), ...place })

/**
 * Networks with latency and jitter of up to 50 ms, little bandwidth, small segments and windows, stalls and a partition of
 * up to half a second: what TCP hides from a program, and time-outs of some seconds forgive. With `cuts`, connections are
 * reset, too, which it does not hide.
 *
 * They are between the two hosts of `VirtualNetwork.layer`, and all shrink to the network on which nothing takes time.
 *
 * @since 0.1.0
 * @category networks
 */
export const networks = (
  options: { readonly cuts?: boolean | undefined } = {}
): FastCheck.Arbitrary<Conditions.Options> =>
  // In the order in which one would rather be rid of them: the first are taken away before the last are made small.
  FastCheck.record({
    faults: FastCheck.tuple(
      FastCheck.array(options.cuts === true ? FastCheck.oneof(stall, cut) : stall, { maxLength: 4 }),
      FastCheck.array(partition, { maxLength: 1 })
    ).map((faults) => faults.flat()),
    segment: optional(1, 100),
    window: optional(1000, 65_536),
    bandwidth: optional(10_000, 1_000_000),
    latency: optional(1, 50),
    jitter: optional(1, 50),
    seed: FastCheck.noShrink(upTo(2 ** 31 - 1))
  })

interface Run<A> {
  readonly exit: Exit.Exit<A, unknown>
  readonly transcript: Transcript
}

/** Runs a scenario on a network, with the network's seed. */
const observed = <A, E>(scenario: Scenario<A, E>, conditions: Conditions.Options): Effect.Effect<Run<A>> => {
  let transcript: Transcript = []
  return Effect.flatMap(VirtualNetwork.VirtualNetwork, (network) =>
    Effect.ensuring(
      Effect.scoped(scenario),
      Effect.map(network.transcript, (complete) => {
        transcript = complete
      })
    )).pipe(
      Effect.provide(VirtualNetwork.layer({ seed: 0, ...conditions })),
      (program) => Simulation.run(program, { seed: conditions.seed }),
      Effect.exit,
      Effect.map((exit) => ({ exit, transcript }))
    )
}

/**
 * Runs a scenario once, in a `Simulation`, on a network that takes no time or under the conditions given. If it breaks,
 * the error's message has the timeline. The network's seed, 0 by default, is also that of Effect's Random.
 *
 * @example
 * ```ts
 * import { Echo, Model, Server } from "effect-switchboard"
 * import { Explorer, Peer } from "effect-switchboard/testing"
 * import { Effect } from "effect"
 *
 * const scenario = Effect.gen(function*() {
 *   const server = yield* Server.make(Echo.protocol, { model: Model.select })
 *   const peer = yield* Peer.connect(server.address)
 *   yield* peer.write("hello\n")
 *   return yield* peer.readLine
 * })
 * assert.strictEqual(Effect.runSync(Explorer.run(scenario, { latency: "20 millis", segment: 2 })), "hello")
 * ```
 *
 * @since 0.1.0
 * @category running
 */
export const run = <A, E>(
  scenario: Scenario<A, E>,
  conditions: Conditions.Options = {}
): Effect.Effect<A, Counterexample> =>
  Effect.flatMap(
    observed(scenario, conditions),
    ({ exit, transcript }) =>
      Effect.mapErrorCause(exit, (cause) => Cause.fail(new Counterexample({ conditions, transcript, cause })))
  )

/**
 * Runs a scenario on many networks, each in a `Simulation`. Stops at the first that breaks it, takes away what of that
 * network is not needed to break it, and fails with what is left.
 *
 * @since 0.1.0
 * @category exploring
 */
export const explore = <A, E>(scenario: Scenario<A, E>, options: Options = {}): Effect.Effect<void, Counterexample> =>
  Effect.flatMap(Effect.runtime(), (runtime) => {
    const holds = (conditions: Conditions.Options): boolean =>
      Exit.isSuccess(Runtime.runSync(runtime)(observed(scenario, conditions)).exit)
    const { counterexample, numRuns: runs, numShrinks: shrinks } = FastCheck.check(
      FastCheck.property(options.networks ?? networks(), holds),
      { numRuns: options.runs ?? 100, seed: options.seed ?? 0 }
    )
    if (counterexample === null) return Effect.void
    return run(scenario, simplest(simple(counterexample[0]), holds)).pipe(
      Effect.mapError(({ cause, conditions, transcript }) =>
        new Counterexample({ conditions, transcript, cause, search: { runs, shrinks } })
      ),
      Effect.asVoid
    )
  })

/** Other seeds that are tried where something is needed only with the seed that was found. */
const otherSeeds = 20

/** What one seed breaks only with segments, say, another may break without. */
const simplest = (
  found: Conditions.Options,
  holds: (conditions: Conditions.Options) => boolean
): Conditions.Options => {
  let conditions = found
  for (const name of Object.keys(found).filter((name) => name !== "seed")) {
    const { [name as keyof Conditions.Options]: _, ...fewer } = conditions
    for (let seed = 0; seed < otherSeeds; seed++) {
      if (holds({ ...fewer, seed })) continue
      conditions = { ...fewer, seed }
      break
    }
  }
  return conditions
}

/** Without what is as by default: the shortest way to write them. */
const simple = ({ faults = [], ...conditions }: Conditions.Options): Conditions.Options => ({
  ...Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined)),
  ...(faults.length > 0 ? { faults } : {})
})
