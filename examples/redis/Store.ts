import { Context, Effect, Layer } from "effect"

/**
 * Strings by their keys, each for ever or for a time. Plain functions: a command is one step, and nothing comes between,
 * as in Redis. Times are in milliseconds of Effect's Clock.
 */
export class Store extends Context.Tag("examples/redis/Store")<Store, {
  readonly get: (key: string) => string | undefined
  /** Keeps it for so long. Default: for ever, also where the value before had a time. */
  readonly set: (key: string, value: string, millis?: number) => void
  /** Another value for the rest of the time of the one before. */
  readonly replace: (key: string, value: string) => void
  /** Gives whether it was there. */
  readonly delete: (key: string) => boolean
  /** Keeps what is there for so long from now on. Gives whether it was there. */
  readonly expire: (key: string, millis: number) => boolean
  /** How long it is still kept, Infinity if for ever; undefined if it is not there. */
  readonly left: (key: string) => number | undefined
  readonly keys: () => ReadonlyArray<string>
}>() {
  /** In the memory of this process. */
  static readonly layer: Layer.Layer<Store> = Layer.effect(
    this,
    Effect.map(Effect.clock, (clock) => inMemory(() => clock.unsafeCurrentTimeMillis()))
  )
}

interface Entry {
  readonly value: string
  /** When it is gone. */
  readonly end: number
}

/** How many keys that have a time are looked at by each `set`: more than it adds, so that those nobody asks for go, too. */
const swept = 2

const inMemory = (now: () => number): typeof Store.Service => {
  const entries = new Map<string, Entry>()
  /** Keys of entries with an end, those first that were not looked at for longest. */
  const mortal = new Set<string>()

  const remove = (key: string): boolean => {
    mortal.delete(key)
    return entries.delete(key)
  }
  const put = (key: string, entry: Entry): void => {
    entries.set(key, entry)
    if (entry.end < Infinity) mortal.add(key)
    else if (mortal.size > 0) mortal.delete(key)
  }
  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.end === Infinity || entry.end > now()) return entry
    remove(key)
    return undefined
  }
  const sweep = (): void => {
    let left = swept
    for (const key of mortal) {
      if (left-- === 0) return
      mortal.delete(key)
      if (find(key) !== undefined) mortal.add(key)
    }
  }

  return {
    get: (key) => find(key)?.value,
    set: (key, value, millis = Infinity) => {
      if (mortal.size > 0) sweep()
      put(key, { value, end: millis === Infinity ? Infinity : now() + millis })
    },
    replace: (key, value) => put(key, { value, end: find(key)?.end ?? Infinity }),
    delete: (key) => find(key) !== undefined && remove(key),
    expire: (key, millis) => {
      const entry = find(key)
      if (entry === undefined) return false
      if (millis > 0) put(key, { value: entry.value, end: now() + millis })
      else remove(key)
      return true
    },
    left: (key) => {
      const entry = find(key)
      return entry === undefined ? undefined : entry.end === Infinity ? Infinity : entry.end - now()
    },
    keys: () => [...entries.keys()].filter((key) => find(key) !== undefined)
  }
}
