// Expressions of every kind of value, grown from a seed. Most have a value; some are wrong in one place.
import { float, imaginary, small, whole } from "./numbers.mjs"
import { directive, literal, numeral, text } from "./texts.mjs"

const ofReal =
  ("acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma isfinite " +
    "isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp").split(" ")

const ofReals = "atan2 copysign fmod nextafter pow remainder log hypot isclose".split(" ")

const relations = ["<", "<=", ">", ">=", "==", "!="]

const keywords =
  ("key default reverse start base exp mod number ndigits real imag object encoding errors rel_tol abs_tol a b x strict " +
    "iterable sequence").split(" ")

const attributes = "real imag numerator denominator conjugate bit_length bit_count as_integer_ratio is_integer hex"
  .split(" ")

/** Called with anything, and taken as values. */
export const callables =
  ("abs all any bin bool chr complex divmod enumerate filter float hex int len list map max min oct ord pow range repr " +
    "reversed round slice sorted str sum tuple zip math.gcd math.lcm math.comb math.perm math.factorial math.isqrt " +
    "math.prod math.fsum math.dist math.ldexp float.fromhex int.bit_length float.hex complex.conjugate")
    .split(" ")
    .concat([...ofReal, ...ofReals].map((name) => `math.${name}`))

export class Grammar {
  constructor(random) {
    this.random = random
  }

  /** An expression of any kind. */
  expression() {
    return this.any(2 + this.random.few(3))
  }

  any(depth) {
    const kinds = ["int", "int", "float", "float", "complex", "text", "truth", "sequence", "iterator", "wild", "odd"]
    return this[this.random.pick(kinds)](depth)
  }

  /** Mostly of that kind. */
  of(kind, depth) {
    return this.random.chance(0.03) ? this.any(depth - 1) : this[kind](depth - 1)
  }

  choose(depth, leaf, ...branches) {
    return depth <= 0 || this.random.chance(0.15) ? leaf() : this.random.pick(branches)()
  }

  list(count, make) {
    return Array.from({ length: count }, make)
  }

  int(depth) {
    const { random } = this
    const int = () => this.of("int", depth)
    const real = () => this.of("real", depth)
    return this.choose(
      depth,
      () => whole(random),
      () => `(${int()} ${random.pick(["+", "-", "*", "//", "%", "&", "|", "^"])} ${int()})`,
      () => `(${int()} ${random.pick(["<<", ">>"])} ${random.below(70)})`,
      () => `(${int()})**${random.below(9)}`,
      () => `${random.pick(["-", "~", "+"])}${int()}`,
      () => `pow(${int()}, ${int()}, ${int()})`,
      () => `round(${int()}, ${small(random)})`,
      () => `${random.pick(["int", "round", "math.floor", "math.ceil", "math.trunc"])}(${real()})`,
      () => `int(${numeral(random)}${random.chance(0.4) ? `, ${random.pick([0, 2, 8, 10, 16, 36, 7])}` : ""})`,
      () => `len(${this.of("sequence", depth)})`,
      () => `ord(${this.of("text", depth)})`,
      () => `(${int()}).${random.pick(["bit_length()", "bit_count()", "numerator", "conjugate()", "imag", "real"])}`,
      () => `math.${random.pick(["gcd", "lcm"])}(${this.list(random.few(4), int).join(", ")})`,
      () => `math.${random.pick(["comb", "perm"])}(${random.below(80)}, ${small(random)})`,
      () => `math.${random.pick(["factorial", "isqrt"])}(${random.pick([small(random), `abs(${int()})`])})`,
      () => `sum(${this.of("sequence", depth)})`,
      () => `divmod(${int()}, ${int()})[${random.below(2)}]`,
      () => `max(${int()}, ${int()})`
    )
  }

  float(depth) {
    const { random } = this
    const real = () => this.of("real", depth)
    return this.choose(
      depth,
      () => float(random),
      () => `(${real()} ${random.pick(["+", "-", "*", "/", "//", "%", "**"])} ${real()})`,
      () => `-${real()}`,
      () => `math.${random.pick(ofReal)}(${real()})`,
      () => `math.${random.pick(ofReals)}(${real()}, ${real()})`,
      () => `math.log(${this.of("int", depth)}${random.chance(0.3) ? `, ${real()}` : ""})`,
      () => `float(${random.chance(0.7) ? numeral(random) : real()})`,
      () => `float.fromhex(${numeral(random)})`,
      () => `round(${real()}, ${small(random)})`,
      () => `math.ldexp(${real()}, ${random.below(2200) - 1100})`,
      () => `math.${random.pick(["fsum", "hypot", "prod"])}(${this.of("numbers", depth)})`,
      () => `math.dist(${this.of("numbers", depth)}, ${this.of("numbers", depth)})`,
      () => `divmod(${real()}, ${real()})`,
      () => `(${real()}).${random.pick(["hex()", "as_integer_ratio()", "is_integer()", "real", "conjugate()"])}`
    )
  }

  real(depth) {
    return this.random.chance(0.5) ? this.float(depth) : this.random.chance(0.9) ? this.int(depth) : this.truth(depth)
  }

  number(depth) {
    return this.random.chance(0.25) ? this.complex(depth) : this.real(depth)
  }

  numbers(depth) {
    const { random } = this
    const items = this.list(random.few(5), () => this.of("real", depth))
    return random.chance(0.5) ? `[${items.join(", ")}]` : `(${items.map((item) => `${item}, `).join("")})`
  }

  complex(depth) {
    const { random } = this
    const number = () => this.of("number", depth)
    return this.choose(
      depth,
      () => imaginary(random),
      () => `(${number()} ${random.pick(["+", "-", "*", "/", "**"])} ${this.of("complex", depth)})`,
      () => `(${this.of("complex", depth)} ${random.pick(["+", "-", "*", "/", "**"])} ${number()})`,
      () => `complex(${number()}, ${number()})`,
      () => `complex(${numeral(random)})`,
      () => `abs(${this.of("complex", depth)})`,
      () => `(${this.of("complex", depth)}).${random.pick(["real", "imag", "conjugate()"])}`,
      () => `-${this.of("complex", depth)}`
    )
  }

  text(depth) {
    const { random } = this
    const string = () => this.of("text", depth)
    return this.choose(
      depth,
      () => text(random),
      () => `(${string()} + ${string()})`,
      () => `${string()} * ${small(random)}`,
      () => `${string()}[${this.index()}]`,
      () => `str(${this.any(depth - 1)})`,
      () => `repr(${this.any(depth - 1)})`,
      () => `chr(${random.pick([random.below(0x110000), random.below(0x300)])})`,
      () => `${random.pick(["bin", "hex", "oct"])}(${this.of("int", depth)})`,
      () => this.formatted(depth),
      () => this.formatted(depth),
      () => `${text(random)} ${text(random)}`
    )
  }

  formatted(depth) {
    const { random } = this
    let template = ""
    const values = []
    for (let count = 1 + random.few(2); count > 0; count--) {
      const { stars, template: piece, type } = directive(random)
      template += piece + random.pick(["", "", " ", "é"])
      for (let star = 0; star < stars; star++) values.push(small(random))
      if (type !== "%") values.push(this.formattedValue(type, depth))
    }
    const right = values.length === 1 && random.chance(0.7) ? `(${values[0]})` : `(${values.join(", ")},)`
    return `(${literal(template, random)} % ${values.length === 0 ? "()" : right})`
  }

  formattedValue(type, depth) {
    if ("efgEFG".includes(type)) return this.random.chance(0.6) ? float(this.random) : this.of("real", depth)
    return "diouxXc".includes(type) ? this.of("real", depth) : this.any(depth - 1)
  }

  truth(depth) {
    const { random } = this
    const any = () => this.any(depth - 1)
    return this.choose(
      depth,
      () => random.pick(["True", "False"]),
      () => `(${this.of("real", depth)} ${random.pick(relations)} ${this.of("real", depth)})`,
      () => `(${this.of("text", depth)} ${random.pick(relations)} ${this.of("text", depth)})`,
      () => `(${this.of("sequence", depth)} ${random.pick(relations)} ${this.of("sequence", depth)})`,
      () => `(${any()} ${random.pick(["==", "!="])} ${any()})`,
      () => `(${any()} ${random.pick(["in", "not in"])} ${this.of("sequence", depth)})`,
      () => `(${this.of("text", depth)} in ${this.of("text", depth)})`,
      () => `(not ${any()})`,
      () => `(${any()} ${random.pick(["and", "or"])} ${any()})`,
      () => `${random.pick(["all", "any"])}(${this.of("sequence", depth)})`,
      () => `(${this.of("real", depth)} < ${this.of("real", depth)} <= ${this.of("real", depth)})`,
      () => `bool(${any()})`,
      () => `(${any()} is ${random.pick(["None", "True", "not None"])})`
    )
  }

  index() {
    const { random } = this
    if (random.chance(0.4)) return small(random)
    const bound = () => random.pick(["", small(random), small(random), random.chance(0.2) ? "None" : ""])
    return `${bound()}:${bound()}${random.chance(0.5) ? `:${bound()}` : ""}`
  }

  range(depth) {
    const { random } = this
    const bound = () => random.chance(0.85) ? small(random) : this.of("int", depth)
    return random.chance(0.7)
      ? `range(${this.list(1 + random.below(3), bound).join(", ")})`
      : `${this.range(0)}[${this.index()}]`
  }

  sequence(depth) {
    const { random } = this
    const item = () => this.any(depth - 1)
    return this.choose(
      depth,
      () => random.pick(["[]", "()", "''", "[1, 2, 3]", "(1, 'a')", "range(5)", "'abc'", "[[]]"]),
      () => this.numbers(depth),
      () => `[${this.list(random.few(4), item).join(", ")}]`,
      () => `(${this.list(random.few(4), () => `${item()}, `).join("")})`,
      () => `(${this.of("sequence", depth)} + ${this.of("sequence", depth)})`,
      () => `(${this.of("sequence", depth)} * ${small(random)})`,
      () => `${this.of("sequence", depth)}[${this.index()}]`,
      () => this.range(depth),
      () => this.range(depth),
      () => `${random.pick(["list", "tuple"])}(${this.of("iterator", depth)})`,
      () => `${random.pick(["list", "tuple", "sorted"])}(${this.of("sequence", depth)})`,
      () => `sorted(${this.of("numbers", depth)}${this.keyed()})`,
      () => this.text(depth)
    )
  }

  keyed() {
    const { random } = this
    return random.pick(["", `, key=${random.pick(callables)}`, ", reverse=True", `, reverse=${small(random)}`])
  }

  iterator(depth) {
    const { random } = this
    const sequence = () => this.of(random.chance(0.7) ? "sequence" : "iterator", depth)
    return this.choose(
      depth,
      () => "reversed([1, 2, 3])",
      () => `reversed(${this.of("sequence", depth)})`,
      () => `map(${random.pick(callables)}, ${this.list(1 + random.few(2), sequence).join(", ")})`,
      () => `filter(${random.pick(["None", random.pick(callables)])}, ${sequence()})`,
      () => `zip(${this.list(random.few(3), sequence).join(", ")})`,
      () => `enumerate(${sequence()}${random.chance(0.3) ? `, ${small(random)}` : ""})`
    )
  }

  /** A call with any arguments, by place and by name. */
  wild(depth) {
    const { random } = this
    const args = this.list(random.few(3), () => this.any(depth - 1))
    while (random.chance(0.2)) args.push(`${random.pick(keywords)}=${random.chance(0.3) ? "None" : this.any(0)}`)
    return `${random.pick(callables)}(${args.join(", ")})`
  }

  odd(depth) {
    const { random } = this
    return random.pick([
      () => random.pick(["None", "math", ...callables]),
      () => `(${this.any(depth - 1)}).${random.pick(attributes)}${random.pick(["", "()"])}`,
      () => `${random.pick(["int", "float", "complex", "bool"])}.${random.pick(attributes)}(${this.any(depth - 1)})`,
      () => `(${this.any(depth - 1)} if ${this.any(depth - 1)} else ${this.any(depth - 1)})`,
      () => `(${this.any(depth - 1)} ${random.pick(["+", "-", "*", "/", "//", "%", "**", "@"])} ${this.any(0)})`,
      () => `${this.any(depth - 1)}[${this.any(0)}]`,
      () =>
        `max(${this.of("sequence", depth)}${
          random.pick(["", ", default=None", ", key=None", ", key=abs", ", default=1"])
        })`
    ])()
  }
}
