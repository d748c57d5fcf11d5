// Where the language is meant to differ from Python. `npm run fuzz` fails over any other difference.

/** The functions that are promised to a few units in the last place only, and the operators made of them. */
const approximate = /\b(?:erfc?|l?gamma|a?(?:sin|cos|tan)|atan2|log(?:2|10)?)\b|\*\*|\bpow\b/

const number = /-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)/g

/** The same text but for its numbers, and those all but equal. */
const isClose = (left, right) => {
  if (left.replace(number, "#") !== right.replace(number, "#")) return false
  const ours = left.match(number) ?? []
  return ours.every((digits, index) => {
    const [one, two] = [Number(digits), Number(right.match(number)[index])]
    return Object.is(one, two) || Math.abs(one - two) <= 1e-15 * Math.max(Math.abs(one), 1e-300) * 4
  })
}

const addressed = /\b(?:reversed|map|filter|zip|enumerate|math|conjugate|as_integer_ratio|bit_\w+|is_integer|\w*hex)\b/

const isSyntax = ({ kind }) => ["SyntaxError", "IndentationError"].includes(kind)

export const intended = [
  {
    name: "beyond the budget",
    why: "an expression may take so much work and memory",
    holds: ({ ours }) => ours.tag === "BudgetExceeded"
  },
  {
    name: "beyond this machine",
    why: "python3 gave up, over time, memory or nesting",
    holds: ({ theirs }) => ["late", "MemoryError", "RecursionError"].includes(theirs.kind)
  },
  {
    name: "left out",
    why: "lambda, comprehensions, displays of dicts and sets, bytes, stars, dunders; and all that is in an f-string",
    holds: ({ ours, text, theirs }) =>
      isSyntax(theirs) ? /\b(?:f|fr|rf)["']/i.test(text) : ours.tag === "UnsupportedSyntax"
  },
  {
    name: "attributes",
    why: "values have a closed list of them",
    holds: ({ ours, text, theirs }) =>
      ours.tag === "UnknownAttribute" &&
      (theirs.kind !== "AttributeError" || (text.match(/\.[a-z_]/gi) ?? []).length > 1)
  },
  {
    name: "types of items",
    broad: true,
    why: "`list[int]` and its like are for annotations",
    holds: ({ text }) => /\b(?:list|tuple|enumerate)\s*\[/.test(text)
  },
  {
    name: "halves of characters",
    broad: true,
    why: "two surrogates beside one another are one character",
    holds: ({ text }) => /\\ud[89ab].*\\ud[c-f]/i.test(text)
  },
  {
    name: "what is encoded",
    why: "half a character in the name of an encoding is no fault here, as nothing is encoded",
    holds: ({ ours, theirs }) => ours.kind !== "value" && theirs.kind === "UnicodeEncodeError"
  },
  {
    name: "a stale error number",
    why: "of a complex nan, CPython 3.11's abs tells an overflow that an earlier call has left behind",
    holds: ({ text, theirs }) => theirs.text === "absolute value too large" && /nan|inf|e\d{3}/i.test(text)
  },
  {
    name: "columns in a later line",
    why: "for a fault in an escape CPython counts the bytes of a text's last line as characters of its first",
    holds: ({ ours, text, theirs }) =>
      isSyntax(ours) && isSyntax(theirs) && ours.text.includes("(unicode error)") &&
      text.includes("\n") && /[^\x00-\x7f]/.test(text) &&
      ours.text.replace(/^\d+:\d+:/, "") === theirs.text.replace(/^\d+:\d+:/, "")
  },
  {
    name: "addresses",
    broad: true,
    why: "objects that Python shows with their address have none here, nor a module its file",
    holds: ({ text }) => /\b(?:str|repr|complex|float|int)\b|%/.test(text) && addressed.test(text)
  },
  {
    name: "the sign of a nan",
    broad: true,
    why: "a nan has none",
    holds: ({ text }) => /nan|inf/i.test(text) && /copysign|atan2/.test(text)
  },
  {
    name: "identity",
    broad: true,
    why: "`is` is promised of None, True and False",
    holds: ({ ours, text, theirs }) =>
      ours.kind === "value" && theirs.kind === "value" && /\bis\b(?!\s+(?:not\s+)?(?:None|True|False)\b)/.test(text)
  },
  {
    name: "last places",
    why: "elementary functions are within one, gamma and erf within four units in the last place",
    holds: ({ ours, text, theirs }) =>
      ours.kind === "value" && theirs.kind === "value" && approximate.test(text) && isClose(ours.text, theirs.text)
  }
]

/** The first that explains a difference, or undefined. What is broad explains none that may hide another. */
export const intention = (difference, isSmallest) =>
  intended.find(({ broad, holds }) => (isSmallest || broad !== true) && holds(difference))
