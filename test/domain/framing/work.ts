type Method = (this: Uint8Array, ...args: Array<never>) => unknown

/** Bytes that one call walked over. */
type Walked = (self: Uint8Array, result: unknown, args: ReadonlyArray<unknown>) => number

const from = (args: ReadonlyArray<unknown>): number => typeof args[1] === "number" ? args[1] : 0
const found = (result: unknown, otherwise: number): number => result === -1 ? otherwise : (result as number)

const walks: ReadonlyArray<readonly [method: string, walked: Walked]> = [
  ["indexOf", (self, result, args) => found(result, self.length) - from(args)],
  ["lastIndexOf", (self, result) => self.length - found(result, 0)],
  ["includes", (self) => self.length],
  ["compare", (_self, _result, [other]) => (other as Uint8Array).length],
  ["copy", (_self, result) => result as number],
  ["toString", (_self, result) => (result as string).length],
  ["set", (_self, _result, [source]) => (source as Uint8Array).length]
]

/** How many bytes a function searched, copied and decoded by Buffer's methods: its work, without a clock. */
export const workOf = (run: () => void): number => {
  let work = 0
  let isInside = false
  const prototype = Buffer.prototype as unknown as Record<string, Method>
  const before = walks.map(([name, walked]) => {
    const own = Object.getOwnPropertyDescriptor(prototype, name)
    const method = prototype[name]!
    prototype[name] = function(...args) {
      if (isInside) return method.apply(this, args)
      isInside = true
      const result = method.apply(this, args)
      isInside = false
      work += walked(this, result, args)
      return result
    }
    return [name, own] as const
  })
  try {
    run()
  } finally {
    for (const [name, own] of before) {
      Reflect.deleteProperty(prototype, name)
      if (own !== undefined) Object.defineProperty(prototype, name, own)
    }
  }
  return work
}
