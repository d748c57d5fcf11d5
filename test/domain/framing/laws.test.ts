// What every framing promises: see laws.ts. Beside each stands what is its own.
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import {
  asText,
  auto,
  bytes,
  chunk,
  crlf,
  delimited,
  envelope,
  fixed,
  InvalidFrame,
  InvalidText,
  lengthPrefixed,
  line,
  map,
  ndjson,
  netstring,
  schema
} from "../../../src/domain/Framing.js"
import { bytesOf } from "./decoding.js"
import { laws } from "./laws.js"

const text = FastCheck.string({ unit: "grapheme", maxLength: 8 })
const latin1 = FastCheck.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("latin1"))
const without = (text: FastCheck.Arbitrary<string>, pattern: RegExp) =>
  text.map((text) => text.replaceAll(pattern, "-"))
const array = FastCheck.uint8Array({ maxLength: 8 })

const latin = (text: string): string => Buffer.from(text).toString("latin1")
const letters = (length: number, end = ""): Buffer => bytesOf("x".repeat(length) + end)
const cutOff = () => ({ messages: [], error: new InvalidFrame({ reason: "it ends before its content does" }) })
const asItIs = (beginning: Uint8Array) => ({ messages: [Buffer.from(beginning).toString()] })

const badText = ["\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", latin("é💡"), latin("\uFFFD")]

laws("line", {
  framing: line,
  message: without(text, /[\r\n]/g),
  sized: (length) => letters(length, "\r\n"),
  overhead: 2,
  pieces: ["\n", "\r\n", "\r", "a\n", "b".repeat(25), ...badText],
  unfinished: (beginning) => ({ messages: [Buffer.from(beginning).toString().replace("\r", "")] })
})

laws("auto", {
  framing: auto,
  message: without(text, /[\r\n]/g),
  sized: (length) => letters(length, "\n"),
  overhead: 2,
  pieces: ["\n", "\r\n", "\r", "a\n", "b".repeat(25), ...badText],
  unfinished: asItIs
})

laws("chunk", {
  framing: chunk,
  message: text.filter((text) => text !== ""),
  overhead: 3,
  pieces: ["\n", "abc", ...badText],
  isBare: true
})

laws("crlf", {
  framing: crlf,
  message: without(text, /\r\n/g),
  sized: (length) => letters(length, "\r\n"),
  overhead: 2,
  pieces: ["\r\n", "\n", "\r", "\r\r\n", "a\r\n", "b".repeat(24), ...badText],
  unfinished: asItIs
})

laws("delimited, by a byte, in Latin-1", {
  framing: delimited("\0", { encoding: "latin1" }),
  message: without(latin1, /\0/g),
  sized: (length) => letters(length, "\0"),
  overhead: 1,
  pieces: ["\0", "\0\0", "é", "b".repeat(25)],
  unfinished: asItIs
})

laws("delimited, by what may begin within itself", {
  framing: delimited("--a--"),
  message: FastCheck.string({ unit: FastCheck.constantFrom("a", "-", "b"), maxLength: 8 })
    .filter((text) => `${text}--a--`.indexOf("--a--") === text.length),
  sized: (length) => letters(length, "--a--"),
  overhead: 5,
  pieces: ["--a--", "--a--a--", "-", "a", "--a", "b".repeat(23), ...badText],
  unfinished: asItIs
})

laws("delimited, by a character of many bytes", {
  framing: delimited("💡!"),
  message: without(text, /💡!/g),
  sized: (length) => letters(length, "💡!"),
  overhead: 5,
  pieces: [latin("💡!"), latin("💡"), "!", "b".repeat(23), ...badText],
  unfinished: (beginning) =>
    beginning.length < 9 || beginning.length === 12
      ? asItIs(beginning)
      : { messages: [], error: new InvalidText() }
})

laws("ndjson", {
  framing: ndjson,
  // JSON has no minus zero.
  message: FastCheck.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  sized: (length) => bytesOf(`"${"x".repeat(length - 2)}"\r\n`),
  overhead: 2,
  pieces: ["{\"a\":1}\n", "\n", "\r\n", " \t\n", "{\n", "[1,\n", "nul\n", "\uFEFF1\n", "[".repeat(30), ...badText],
  unfinished: (beginning) =>
    beginning.length < 8
      ? { messages: [], error: new InvalidFrame({ reason: "the line is not JSON" }) }
      : { messages: [JSON.parse(Buffer.from(beginning).toString())] }
})

laws("bytes", { framing: bytes, message: array, pieces: ["abc", "\0"], isBare: true })

laws("fixed", {
  framing: fixed(5),
  message: FastCheck.uint8Array({ minLength: 5, maxLength: 5 }),
  pieces: ["abc", "\0", "12345"]
})

for (const size of [1, 2, 4, 8] as const) {
  for (const byteOrder of ["big", "little"] as const) {
    for (const headerIncluded of [false, true]) {
      const framing = lengthPrefixed({ size, byteOrder, headerIncluded })
      laws(`lengthPrefixed, ${size} bytes, ${byteOrder}-endian${headerIncluded ? ", with the header" : ""}`, {
        framing,
        message: array,
        ...size === 1 ? { longest: 250 } : {},
        sized: (length) => {
          const prefix = Buffer.alloc(8)
          const value = BigInt(length + (headerIncluded ? size : 0))
          if (byteOrder === "big") prefix.writeBigUInt64BE(value)
          else prefix.writeBigUInt64LE(value)
          return Buffer.concat([
            byteOrder === "big" ? prefix.subarray(8 - size) : prefix.subarray(0, size),
            letters(length)
          ])
        },
        overhead: size,
        pieces: ["\0", "\0\0\0", "\xff".repeat(size), "\0\0\0\x09", "\x09\0\0\0", "\0\0\0\0\0\0\0\x18", "b".repeat(30)],
        unfinished: cutOff
      })
    }
  }
}

laws("netstring", {
  framing: netstring,
  message: array,
  sized: (length) => bytesOf(`${length}:${"x".repeat(length)},`),
  overhead: 4,
  pieces: ["0:,", "1:a,", "3:abc", "3:abcd", "00:,", "01:a,", ":", ",", "24:", "25:", "9".repeat(30), "-1:", "1"],
  unfinished: cutOff
})

laws("envelope", {
  framing: envelope(),
  message: array.map((content) => ({ header: { "content-length": content.length }, content: Buffer.from(content) })),
  pieces: ["\0\x14{\"content-length\":0}", "\0\x14{\"content-length\":9}", "\0\x02{}", "\0\0", "\xff\xff"],
  sized: (length) => {
    const json = `{"content-length":${length - 22}}`.padEnd(21)
    const broad = length > 100 ? json.replace(/\s/g, "").padEnd(30) : json
    const content = length - 2 - broad.length
    return Buffer.concat([
      Uint8Array.of(0, broad.length),
      bytesOf(`{"content-length":${content}}`.padEnd(broad.length)),
      letters(content)
    ])
  }
})

laws("lengthPrefixed, as text", {
  framing: asText(lengthPrefixed({ size: 2 })),
  message: text,
  sized: (length) => Buffer.concat([Uint8Array.of(length >> 8, length & 255), letters(length)]),
  overhead: 2,
  pieces: ["\0\x01\xff", "\0\x01a", "\0\0", "\0\x04\xf0\x9f\x92\xa1", "\0\x02\xc3", "b".repeat(30)],
  unfinished: cutOff
})

laws("netstring, as Latin-1", {
  framing: asText(netstring, "latin1"),
  message: latin1,
  sized: (length) => bytesOf(`${length}:${"x".repeat(length)},`),
  overhead: 4,
  pieces: ["0:,", "1:\xff,", "3:abc", "25:"],
  unfinished: cutOff
})

laws("map", {
  framing: map(line, {
    decode: (line) => {
      if (line === "#") return Either.right(undefined)
      return /^\d+$/.test(line) ? Either.right(BigInt(line)) : Either.left("it is not a number")
    },
    encode: String
  }),
  message: FastCheck.bigInt({ min: 0n, max: 10n ** 20n }),
  sized: (length) => bytesOf(`${"7".repeat(length)}\n`),
  overhead: 2,
  pieces: ["1\n", "#\n", "x\n", "\n", "7".repeat(25), ...badText]
})

const Command = Schema.Union(
  Schema.Struct({ say: Schema.NonEmptyString }),
  Schema.Struct({ at: Schema.Date })
)

laws("schema", {
  framing: schema(ndjson, Command),
  message: FastCheck.oneof(
    FastCheck.record({ say: FastCheck.string({ minLength: 1 }) }),
    FastCheck.record({ at: FastCheck.date({ noInvalidDate: true }) })
  ),
  sized: (length) => bytesOf(`${"{\"say\":\"".padEnd(length - 2, "x")}"}\n`),
  overhead: 2,
  pieces: [
    "{}\n",
    "null\n",
    "{\"kind\":\"say\",\"text\":\"\"}\n",
    "{\"kind\":\"at\",\"time\":0}\n",
    "\n",
    "x\n",
    ...badText
  ]
})
