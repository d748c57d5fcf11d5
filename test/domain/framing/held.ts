/** The memory a codec holds on to: its bytes, with what they are views of, and its texts. */
export const held = (codec: object): number => {
  const seen = new Set<object>()
  const weigh = (value: unknown): number => {
    if (typeof value === "string") return Buffer.byteLength(value)
    if (typeof value !== "object" || value === null || seen.has(value)) return 0
    seen.add(value)
    if (value instanceof Uint8Array) {
      // What Node cuts from its pool keeps the pool, but shares it with everything else.
      if (value.buffer.byteLength === Buffer.poolSize) return value.length
      if (seen.has(value.buffer)) return 0
      seen.add(value.buffer)
      return value.buffer.byteLength
    }
    return Object.values(value).reduce<number>((sum, part) => sum + weigh(part), 0)
  }
  return weigh(codec)
}
