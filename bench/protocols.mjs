// How long each protocol takes over its longest messages, of texts that are dear to somebody: from the bytes of a message
// to those of its reply. One conversation's turn holds up all others, so none may take long.
import { Calc, Chars, Echo, Evaluator, Framing, Limits, Protocol, Reverse } from "effect-switchboard"
import * as Effect from "effect/Effect"
import { table } from "./table.mjs"

const { maxFrame } = Limits.make({})

const pieces = {
  letters: "a",
  spaces: " ",
  digits: "7",
  quotes: "'",
  brackets: "(",
  signs: "-",
  "line ends": "\r\n",
  CR: "\r",
  "precomposed letters": "\u00e9",
  "letters and marks": "e\u0301",
  marks: "\u0301",
  ZWJ: "\u200d",
  families: "\u{1f468}\u200d",
  "regional indicators": "\u{1f1e6}",
  emoji: "\u{1f600}",
  ideographs: "\u6f22",
  syllables: "\uac01",
  jamo: "\u1100\u1161\u11a8",
  conjuncts: "\u0915\u094d",
  "a bit of each": "a\u00e9\u6f22\u{1f600}e\u0301\r\n"
}

/** As many as fit in so many bytes, behind a letter of two bytes, so that no text is of ASCII alone. */
const texts = (bytes) =>
  Object.entries(pieces).flatMap(([name, piece]) => {
    const fill = (room) => piece.repeat(Math.floor(room / Buffer.byteLength(piece)))
    return [[name, fill(bytes)], [`\u00e9 and ${name}`, `\u00e9${fill(bytes - 2)}`]]
  })

const prefixed = Framing.asText(Framing.lengthPrefixed({ size: 4 }))
const byText = (protocol) => ({ protocol: Protocol.withFraming(protocol, prefixed), message: (text) => text })
const chars = { protocol: Chars.protocol, message: (text) => Chars.request(text) }

const inputLimit = Evaluator.defaultBudget.input
const subjects = [
  { name: "echo", bytes: maxFrame, ...byText(Echo.protocol) },
  { name: "reverse", bytes: maxFrame, ...byText(Reverse.protocol) },
  { name: "chars", bytes: maxFrame - 512, ...chars },
  { name: "calc, over its input", bytes: maxFrame, ...byText(Calc.protocol) },
  { name: "calc", bytes: inputLimit, ...byText(Calc.protocol) },
  { name: "calc, a text", bytes: inputLimit - 6, ...byText(Calc.protocol), write: (text) => `'''${text}'''` },
  { name: "calc, a number", bytes: inputLimit - 13, ...byText(Calc.protocol), write: (text) => `float('''${text}''')` }
]

const rounds = 20

/** The processor's milliseconds so far, which other programs do not add to. */
const processorTime = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1_000
}

const run = (effect) => Effect.runSync(Effect.provide(effect, Evaluator.layer))

/** Milliseconds from a message's bytes to its reply's, with the codecs that a connection has: the mean, once V8 is warm. */
const measure = ({ protocol, message }, text) => {
  const { machine } = protocol
  const { state } = run(machine.open({ peer: { host: "127.0.0.1", port: 1 } }))
  const bytes = Buffer.from(protocol.framing.open(maxFrame).encode(message(text)))
  const converse = () => {
    const codec = protocol.framing.open(maxFrame)
    codec.push(Buffer.from(bytes))
    const received = codec.next()
    if (received === undefined) throw new Error(`${protocol.name} did not read its message`)
    const { send = [] } = run(machine.receive(state, received))
    for (const reply of send) Buffer.from(codec.encode(reply))
  }
  for (let round = 0; round < rounds; round++) converse()
  const start = processorTime()
  for (let round = 0; round < rounds; round++) converse()
  return (processorTime() - start) / rounds
}

const rows = subjects.map((subject) => {
  const results = texts(subject.bytes).map(([name, text]) => ({
    name,
    milliseconds: measure(subject, subject.write === undefined ? text : subject.write(text))
  }))
  const dearest = results.toSorted((left, right) => right.milliseconds - left.milliseconds).slice(0, 3)
  const shown = dearest.map(({ milliseconds, name }) => `${milliseconds.toFixed(2)} ms (${name})`)
  return [subject.name, subject.bytes.toLocaleString("en"), ...shown]
})
console.log(table(["protocol", "bytes", "dearest", "next", "next"], rows))
