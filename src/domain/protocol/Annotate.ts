import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as MetricLabel from "effect/MetricLabel"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { format } from "../Address.js"
import type { Session } from "../Session.js"
import type { Protocol } from "./Machine.js"
import { isProtocol } from "./Machine.js"
import { around, remade } from "./Wrapped.js"

/**
 * What is to be said of a connection.
 *
 * @since 0.2.0
 * @category models
 */
export type Annotations = (session: Session) => Readonly<Record<string, unknown>>

/** Which connection it is. */
const subject: Annotations = ({ id, peer, server }) => ({ server, connection: id, peer: format(peer) })

/**
 * Annotates whatever a protocol logs with the `server`, the `connection`, by number, and its `peer`; or with what you make of
 * the session.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const loud = Protocol.requestReply({
 *   name: "loud",
 *   framing: Framing.line,
 *   reply: (text) => Effect.as(Effect.logInfo(text), text.toUpperCase())
 * })
 * // … message=hello server=127.0.0.1:1234 connection=3 peer=127.0.0.1:40404
 * const annotated = Protocol.annotateLogs(loud)
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const annotateLogs: {
  (annotations?: Annotations): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, annotations?: Annotations): Protocol<In, Out, E, R>
} = dual(
  (args) => isProtocol(args[0]),
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, annotations: Annotations = subject): Protocol<In, Out, E, R> =>
    remade(self, (machine) =>
      around(machine, (session) => {
        const made = annotations(session)
        return Effect.succeed({
          effect: (effect) => Effect.annotateLogs(effect, made),
          stream: (stream) => Stream.unwrapScoped(Effect.as(Effect.annotateLogsScoped(made), stream))
        })
      }))
)

/**
 * Labels whatever a protocol measures, by metrics of its own, with the `server`; or with what you make of the session. The
 * server's metrics, which `Metrics` keeps, are labelled so anyway. Of labels that are different for each connection, each
 * makes a metric of its own, which is kept for ever.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect, Metric } from "effect"
 *
 * const letters = Metric.counter("letters_total")
 * const counting = Protocol.requestReply({
 *   name: "counting",
 *   framing: Framing.line,
 *   reply: (text) => Effect.as(Metric.incrementBy(letters, text.length), String(text.length))
 * })
 * const labelled = Protocol.tagMetrics(counting)
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const tagMetrics: {
  (
    labels?: (session: Session) => Readonly<Record<string, string>>
  ): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    labels?: (session: Session) => Readonly<Record<string, string>>
  ): Protocol<In, Out, E, R>
} = dual(
  (args) => isProtocol(args[0]),
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    labels: (session: Session) => Readonly<Record<string, string>> = ({ server }) => ({ server })
  ): Protocol<In, Out, E, R> =>
    remade(self, (machine) =>
      around(machine, (session) => {
        const made = labels(session)
        const scoped = Effect.labelMetricsScoped(
          Object.entries(made).map(([key, value]) => MetricLabel.make(key, value))
        )
        return Effect.succeed({
          effect: (effect) => Effect.tagMetrics(effect, made),
          stream: (stream) => Stream.unwrapScoped(Effect.as(scoped, stream))
        })
      }))
)

/**
 * Gives each connection a span, from its first turn to its end, with its server, its number and its peer as attributes: the
 * parent of whatever the protocol traces. A turn has none of its own: that would cost more than most turns do.
 *
 * @example
 * ```ts
 * import { Echo, Protocol } from "effect-switchboard"
 *
 * const traced = Protocol.withSpan(Echo.protocol, "echo.connection")
 * ```
 *
 * @since 0.2.0
 * @category combinators
 */
export const withSpan: {
  (
    name: string,
    options?: Tracer.SpanOptions
  ): <In, Out, E, R>(self: Protocol<In, Out, E, R>) => Protocol<In, Out, E, R>
  <In, Out, E, R>(self: Protocol<In, Out, E, R>, name: string, options?: Tracer.SpanOptions): Protocol<In, Out, E, R>
} = dual(
  (args) => isProtocol(args[0]),
  <In, Out, E, R>(
    self: Protocol<In, Out, E, R>,
    name: string,
    options: Tracer.SpanOptions = {}
  ): Protocol<In, Out, E, R> =>
    remade(self, (machine) =>
      around(machine, (session) => {
        const attributes = { ...subject(session), ...options.attributes }
        return Effect.map(Effect.makeSpanScoped(name, { ...options, attributes }), (span) => ({
          effect: (effect) => Effect.withParentSpan(effect, span),
          stream: (stream) => Stream.provideService(stream, Tracer.ParentSpan, span)
        }))
      }))
)
