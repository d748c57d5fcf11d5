// What the sweep evaluates: every function, method and operator over a zoo of nasty values.

/** Frame and input limit of a line. */
const limit = 4096

/** Every kind of value, at the edges of what the default budget admits. */
export const zoo = [
  // Integers: small, past a float's digits, past its range, and the longest, by shape of their bits and digits.
  "0",
  "7",
  "-3",
  "2**53",
  "2**64-1",
  "-2**1000",
  "7**2000",
  "10**4299",
  "7**23000",
  "1-2**65535",
  // Floats: ordinary, extreme, special.
  "1.5",
  "-100.7",
  "1e10",
  "1e22",
  "1.7e308",
  "1e-300",
  "5e-324",
  "-0.0",
  "math.inf",
  "math.nan",
  // Complex numbers.
  "3j",
  "1e200-1e-200j",
  // Texts: short and long, of one byte, two, and pairs; digits, spaces, escapes, templates.
  "''",
  "'a'",
  "'12'",
  "'a'*65000",
  "'\\u0448'*65000",
  "'\\u0669'*4300",
  "'\\u0669'*65000",
  "'\\U0001F600'*32700",
  "'\\n'*16000",
  "'\\''*30000",
  "'1'*4300",
  "'1'*65000",
  "'1'*65000+'x'",
  "'1'*30000+'+'+'1'*30000+'j'",
  "'1_'*30000+'1'",
  "' '*65000",
  "'1'+' '*64000+'1'",
  "'0x'+'f'*16000",
  "'1e'+'9'*60000",
  "'%'*65000",
  "'%d'*3000",
  "'%('*30000",
  "'%.1000f'",
  "'%1000.1000d'",
  "'a'*32000+'b'+'a'*32000",
  // Sequences, flat and in one another; ranges; things that are walked once.
  "()",
  "[]",
  "[0]*10000",
  "(1.5,)*10000",
  "[7**2000]*1000",
  "[1-2**65535]*10000",
  "['a']*10000",
  "['a'*65000]*10000",
  "['\\U0001F600'*32700]*10000",
  "[[0]*10000]*10000",
  "[1e308,-1e308,1e-308]*3000",
  "[math.nan]*10000",
  "range(10000)",
  "range(10**9)",
  "range(-2**65000,2**65000,2**64990)",
  "range(2**30000,0,-3**10000)",
  "reversed(range(10000))",
  "map(abs,[1-2**65535]*10000)",
  "slice(None,None,-1)",
  "slice(2**65000,None,3)",
  // What is not to be computed with.
  "None",
  "True",
  "int",
  "len",
  "math"
]

/** Those that cost most, of each kind, for pairs. */
export const nastiest = [
  "-3",
  "7**2000",
  "7**23000",
  "1.7e308",
  "5e-324",
  "1e200-1e-200j",
  "'a'*65000",
  "'a'*16000+'b'+'a'*16000",
  "'\\U0001F600'*32700",
  "'%d'*3000",
  "[0]*10000",
  "['a'*65000]*10000",
  "range(-2**65000,2**65000,2**64990)",
  "slice(None,None,-1)"
]

/** As often as fits in a line. */
const repeated = (text) => Array.from({ length: Math.floor((limit - 6) / (text.length + 1)) }, () => text).join(",")

/** How many items a list may have. */
const most = 10_000

/** A call of each item of long lists, whose answers are kept, and not written. */
const mapped = (callable, values) =>
  `[list(map(${callable},${values.map((value) => `[${value}]*${most}`).join(",")}))]==0`

const listed = (expression) => `[${repeated(expression)}]==0`

const iterated = (callable, value) => `sum(map(len,map(list,map(${callable},[${value}]*${most}))))`

const fits = ({ expression }) => expression.length <= limit

/** Forms of an operator with places for its operands. */
const operations = ({ binary, relations }) => [
  ...[...binary, ...relations].map((symbol) => [symbol, (left, right) => `(${left}) ${symbol} (${right})`]),
  ["a[b]", (left, right) => `(${left})[${right}]`],
  ["a[b:]", (left, right) => `(${left})[${right}:]`],
  ["a[::b]", (left, right) => `(${left})[::${right}]`],
  ["(a,)*b", (left) => `[${left}]*${most}`]
]

export const alone = (vocabulary) => {
  const calls = vocabulary.callables.flatMap((callable) =>
    zoo.flatMap((value) =>
      [
        `${callable}(${value})`,
        mapped(callable, [value]),
        iterated(callable, value)
      ].map((expression) => ({ subject: callable, expression }))
    )
  )
  const written = zoo.flatMap((value) => [
    { subject: "str", expression: `(${value})` },
    { subject: "literal", expression: listed(`(${value})`) },
    { subject: "str", expression: `[${value}]*${most}` },
    { subject: "%", expression: `'%s%r%a'%((${value}),(${value}),(${value}))` },
    { subject: "%", expression: listed(`'%s%r%a'%((${value}),(${value}),(${value}))`) },
    { subject: "%", expression: listed(`'%.500s'%(${value},)`) },
    ...["d", "x", "e", "f", "g", ".1000e", ".1000f", "#.1000g", "c"].map((directive) => ({
      subject: "%",
      expression: listed(`'%${directive}'%(${value})`)
    }))
  ])
  const signs = vocabulary.unary.flatMap((symbol) =>
    zoo.flatMap((value) => [
      { subject: `${symbol}a`, expression: `${symbol} (${value})` },
      { subject: `${symbol}a`, expression: listed(`${symbol} (${value})`) }
    ])
  )
  return [...calls, ...written, ...signs].filter(fits)
}

export const inPairs = (vocabulary) => {
  const pairs = nastiest.flatMap((left) => nastiest.map((right) => [left, right]))
  const calls = vocabulary.callables.flatMap((callable) =>
    pairs.map((pair) => ({ subject: callable, expression: mapped(callable, pair) }))
  )
  const operators = operations(vocabulary).flatMap(([subject, form]) =>
    pairs.flatMap(([left, right]) => [
      { subject, expression: listed(form(left, right)) },
      { subject, expression: `[${form(`[${left}]*${most}`, `[${right}]*${most}`)}]==0` }
    ])
  )
  const three = nastiest.map((value) => ({ subject: "pow", expression: mapped("pow", [value, "7**300", "3**500"]) }))
  return [...calls, ...operators, ...three].filter(fits)
}

const long = (part, length = limit - 8) => part.repeat(Math.floor(length / part.length))

export const texts = [
  "(".repeat(4000),
  "-".repeat(4000),
  `${long("not ", 2000)}1 2`,
  `${long("1+")}1`,
  `${long("1.5*")}1`,
  `${long("1<")}1`,
  `${long("0 or ")}1`,
  `${long("1 if 1 else ")}1`,
  `1${long("[0]")}`,
  `a${long(".b")} 1`,
  `a${long("(1)")} 1`,
  `'${long("\\x41")}'`,
  `'${long("\\x4")}'`,
  long("'a'"),
  `${long("'a'")}b''`,
  long("f'{x}'"),
  `${long("a,")}$`,
  long("9e9,"),
  long("1 if "),
  `f(${long("a=1,")}b)`,
  `f(${long("a=1,b,")})`,
  `f(${long("a,")}*)`,
  `(${long("x=", 3000)}`,
  `(${long("a:=", 3000)}1 2)`,
  `(${long("a if b else ", 3900)}1 2)`,
  `(${long("a and ", 3900)}1 2)`,
  `(${long("1,\n")}$`,
  `(${long("1+\n")}1 2)`,
  long("[x for x in ", 2000),
  `[1 ${long("for x in y ")}1 2]`,
  long("{1:", 590),
  `{${long("1:2,")}1 2}`,
  `{${long("1,")}1 2}`,
  `a[${long("1:2,")}1 2]`,
  `${"((".repeat(99)}1 2${"))".repeat(99)}`,
  `(${long("lambda:", 3900)}1 2)`,
  `[${long("*1,", 3900)}`,
  `${long("#\n")}1`,
  `${long("\\\n")}1`,
  long("\u{1d41a}", 2000),
  long("\ufdfa", 1300),
  "9".repeat(4090),
  `0x${"f".repeat(4090)}`
].map((expression) => ({ subject: "syntax", expression }))
