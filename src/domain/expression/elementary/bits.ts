/** The bits of a double, whole or as two words of 32, and doubles made of them. */

/** The one place in which a double is seen as bits: written and read at once, it holds nothing between two calls. */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
const whole = new BigInt64Array(double.buffer)
const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1
const high = 1 - low

/** Sign, exponent and the first 20 bits of the fraction, as a signed integer. */
export const highWord = (x: number): number => {
  double[0] = x
  return words[high]!
}

/** The last 32 bits of the fraction, as a signed integer. */
export const lowWord = (x: number): number => {
  double[0] = x
  return words[low]!
}

export const fromWords = (highWord: number, lowWord: number): number => {
  words[high] = highWord
  words[low] = lowWord
  return double[0]!
}

/** All 64, as a signed integer. */
export const bitsOf = (x: number): bigint => {
  double[0] = x
  return whole[0]!
}

export const fromBits = (bits: bigint): number => {
  whole[0] = bits
  return double[0]!
}

/** 2^k for a normal result: -1022 <= k <= 1023. */
export const powerOfTwo = (k: number): number => fromWords((k + 1023) << 20, 0)

/** x * 2^k with one rounding, for |k| < 2000 and x of ordinary size or zero. */
export const scaleByPowerOfTwo = (x: number, k: number): number => {
  if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023)
  if (k < -1022) return x * powerOfTwo(k + 1000) * powerOfTwo(-1000)
  return x * powerOfTwo(k)
}
