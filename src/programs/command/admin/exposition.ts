/** What was measured, in Prometheus' text format or in that of OpenMetrics. */
import * as Effect from "effect/Effect"
// The rest of the package, which counts by itself, is twenty times as large.
import Registry from "prom-client/lib/registry.js"
import type { Family, Histogram, Labels } from "./Family.js"
import { prefers } from "./negotiation.js"

export interface Exposition {
  readonly contentType: string
  readonly body: string
}

interface Value {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  /** Where it is not the family's. */
  readonly metricName?: string
}

/** The parts of a histogram: so many at most so large, for each bound; their sum; and their count. */
const partsOf = ({ bounds, name, samples }: Histogram): ReadonlyArray<Value> =>
  samples.flatMap(({ counts, labels, sum }) => {
    let count = 0
    const buckets = [...bounds.map(String), "+Inf"].map((le, at): Value => ({
      metricName: `${name}_bucket`,
      labels: { le, ...labels },
      value: count += counts[at] ?? 0
    }))
    const whole = (part: string, value: number, labels: Labels): Value => ({
      metricName: `${name}_${part}`,
      labels,
      value
    })
    return [...buckets, whole("sum", sum, labels), whole("count", count, labels)]
  })

const metricOf = (family: Family) => {
  const { help, name, type } = family
  const values = family.type === "histogram" ? partsOf(family) : family.samples
  const metric = { name, help, type, values, get: () => metric }
  return metric
}

/** In the format that one would rather have who says so by `Accept`. */
export const write = (families: ReadonlyArray<Family>, accept: string): Effect.Effect<Exposition> =>
  Effect.promise(async () => {
    const contentType = prefers(accept, "application/openmetrics-text", "text/plain")
      ? Registry.OPENMETRICS_CONTENT_TYPE
      : Registry.PROMETHEUS_CONTENT_TYPE
    const registry = new Registry(contentType)
    for (const family of families) registry.registerMetric(metricOf(family))
    return { contentType, body: await registry.metrics() }
  })
