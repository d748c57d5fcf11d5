// Numbers where arithmetic has edges, as Python spells them.

const view = new DataView(new ArrayBuffer(8))

const neighbour = (value, steps) => {
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps))
  return view.getFloat64(0)
}

const spelled = (value) => {
  if (Number.isNaN(value)) return "math.nan"
  if (Math.abs(value) === Infinity) return value < 0 ? "-math.inf" : "math.inf"
  const text = Object.is(value, -0) ? "-0.0" : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

const edges = [
  0,
  -0,
  0.1,
  0.5,
  1,
  1.5,
  2.5,
  10,
  1e16,
  1e15,
  1e-4,
  1e-5,
  5e-324,
  2 ** -1022,
  2 ** 53,
  2 ** 63,
  2 ** 31,
  Number.MAX_VALUE,
  Infinity,
  NaN,
  Math.PI,
  Math.E
]

const kinds = [
  // One or more places beside an edge.
  (random) => neighbour(random.pick(edges), random.below(5) - 2),
  (random) => neighbour(10 ** (random.below(617) - 308), random.below(5) - 2),
  (random) => neighbour(2 ** (random.below(2098) - 1074), random.below(5) - 2),
  (random) => neighbour(random.below(200) * Math.PI / 4, random.below(5) - 2),
  // A half, a fifth, a few decimals.
  (random) => random.below(2 ** 20) / 2,
  (random) => (random.below(2001) - 1000) / 10 ** random.below(6),
  // Of any exponent, or of ordinary size.
  (random) => {
    view.setUint32(0, random.below(2 ** 32))
    view.setUint32(4, random.below(2 ** 32))
    return view.getFloat64(0)
  },
  (random) => (random.next() - 0.5) * 10 ** random.below(20)
]

export const float = (random) => {
  const value = random.pick(kinds)(random)
  return spelled(random.chance(0.3) ? -value : value)
}

const sizes = [31, 32, 52, 53, 54, 62, 63, 64, 65, 127, 128, 200, 1023, 1024, 1025, 2000]

const wholes = [
  (random) => String(random.below(4)),
  (random) => String(random.below(4)),
  (random) => String(random.below(300)),
  (random) => String(random.below(2 ** 31)),
  (random) => String(2n ** BigInt(random.pick(sizes)) + BigInt(random.below(5) - 2)),
  (random) => String(10n ** BigInt(random.below(60)) + BigInt(random.below(5) - 2)),
  (random) => `2**${random.pick(sizes)}`,
  (random) => `(2**${random.below(1100)}-${random.below(2 ** 20)})`,
  (random) => `10**${random.below(400)}`,
  (random) => `0x${BigInt(random.below(2 ** 32)).toString(16).repeat(1 + random.few(30))}`,
  (random) => `0b${random.below(2 ** 16).toString(2)}`,
  (random) => random.below(1e6).toLocaleString("en").replaceAll(",", "_")
]

export const whole = (random) => `${random.chance(0.3) ? "-" : ""}${random.pick(wholes)(random)}`

/** As an index, a count or a number of digits: mostly small. */
export const small = (random) =>
  random.chance(0.95) ? String(random.below(12) - (random.chance(0.3) ? 6 : 0)) : whole(random)

export const imaginary = (random) => `${float(random).replace(/^-?math\.\w+$/, "1e400").replace(/^-/, "")}j`
