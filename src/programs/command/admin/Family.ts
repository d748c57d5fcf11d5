/** What was measured, as data: it may go to another process, and be summed there. */

/** The names and values that tell samples of one family apart. Never a peer's. */
export type Labels = Readonly<Record<string, string>>

/** How the same sample of several processes becomes one. */
export type Merge = "sum" | "max" | "min"

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** How often something was at most how large. */
export interface Distribution {
  readonly labels: Labels
  /** One a bound, each without those before it, and one for all that is above. */
  readonly counts: ReadonlyArray<number>
  readonly sum: number
}

interface Named {
  /** As Prometheus names it: a counter's ends in `_total`. */
  readonly name: string
  readonly help: string
}

export interface Counter extends Named {
  readonly type: "counter"
  readonly samples: ReadonlyArray<Sample>
}

export interface Gauge extends Named {
  readonly type: "gauge"
  readonly merge: Merge
  readonly samples: ReadonlyArray<Sample>
}

export interface Histogram extends Named {
  readonly type: "histogram"
  /** The upper bounds, from small to large, each included. */
  readonly bounds: ReadonlyArray<number>
  readonly samples: ReadonlyArray<Distribution>
}

export type Family = Counter | Gauge | Histogram

const single = (value: number, labels: Labels = {}): ReadonlyArray<Sample> => [{ labels, value }]

export const counter = (name: string, help: string, value: number | ReadonlyArray<Sample>): Counter => ({
  type: "counter",
  name,
  help,
  samples: typeof value === "number" ? single(value) : value
})

/** Of several processes it is the sum, if nothing else is said. */
export const gauge = (name: string, help: string, value: number, merge: Merge = "sum", labels?: Labels): Gauge => ({
  type: "gauge",
  name,
  help,
  merge,
  samples: single(value, labels)
})

const merges: Readonly<Record<Merge, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min
}

const added = (a: Distribution, b: Distribution): Distribution => ({
  labels: a.labels,
  counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
  sum: a.sum + b.sum
})

/** Those with the same labels become one, in the order of their first. */
const joined = <A extends { readonly labels: Labels }>(
  samples: ReadonlyArray<A>,
  join: (a: A, b: A) => A
): ReadonlyArray<A> => {
  const all = new Map<string, A>()
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels)
    const before = all.get(key)
    all.set(key, before === undefined ? sample : join(before, sample))
  }
  return Array.from(all.values())
}

const both = (a: Family, b: Family): Family => {
  if (a.type === "histogram") {
    return b.type === a.type
      ? { ...a, samples: joined([...a.samples, ...b.samples], added) }
      : a
  }
  if (b.type === "histogram") return a
  const merge = merges[a.type === "gauge" ? a.merge : "sum"]
  const join = (a: Sample, b: Sample): Sample => ({ labels: a.labels, value: merge(a.value, b.value) })
  return { ...a, samples: joined([...a.samples, ...b.samples], join) }
}

/** What several processes have measured, as one. */
export const merge = (processes: ReadonlyArray<ReadonlyArray<Family>>): ReadonlyArray<Family> => {
  const all = new Map<string, Family>()
  for (const family of processes.flat()) {
    const before = all.get(family.name)
    all.set(family.name, before === undefined ? family : both(before, family))
  }
  return Array.from(all.values())
}
