// What it is for two answers to differ, and when two differences are of one class.

/** Without what is particular to a process: addresses, and from where a module came. */
const plain = (text) =>
  text.replace(/ at 0x[0-9a-f]+/g, "").replace(/<module 'math' from '[^']*'>/g, "<module 'math' (built-in)>")

export const differ = (ours, theirs) => {
  const kind = theirs.kind === "IndentationError" ? "SyntaxError" : theirs.kind
  return ours.kind !== kind || plain(ours.text) !== plain(theirs.text)
}

const generalized = ({ kind, text }) =>
  kind === "value" ? kind : `${kind} ${text.replace(/'[^']*'|\(.*\)/g, "'…'").replace(/\d+/g, "0")}`

/** How the answers differ, whatever was asked. */
export const outcome = ({ ours, theirs }) => `${generalized(ours)} | ${generalized(theirs)}`

const quoted = /'''(?:\\[^]|[^\\])*?'''|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/g

const number = /(?<![\w.])(?:0[xob]\w+|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)/gi

/** The text without what is particular: numbers are 0, texts have only their directives, what is empty is a list. */
const skeleton = (text) =>
  text
    .replace(quoted, (string) => `'${(string.match(/%[-+ #0]*[\d*]*\.?[\d*]*\w/g) ?? []).join("")}'`)
    .replace(number, "0")
    .replace(/(?<!\w)(?:''|\(\))/g, "[]")

export const classOf = (difference) => `${outcome(difference)} | ${skeleton(difference.text)}`

/** How alike two differences look before they are shrunk. */
export const look = (difference) =>
  `${outcome(difference)} | ${
    [...new Set(difference.text.match(/[a-z]\w+|%|\[|"|'/gi))].toSorted((one, two) => one < two ? -1 : 1).join(" ")
  }`
