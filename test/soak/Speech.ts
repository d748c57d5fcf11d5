/** What a client says to each protocol, and what it must hear. */
import type { Protocol } from "effect-switchboard"
import { Chars, Framing } from "effect-switchboard"

export interface Speech {
  readonly protocol: string
  /** The bytes of the nth request. */
  readonly request: (n: number) => Buffer
  /** The reply to the nth request. */
  readonly reply: (n: number) => string | RegExp
  /** Requests for a flood: a short one, and one whose reply is long. */
  readonly floods: ReadonlyArray<Buffer>
  /** Opens a decoder of what the server says. */
  readonly listen: () => Listener
}

export interface Listener {
  /** The replies in a chunk. What the server says of its own accord is none. */
  readonly hear: (chunk: Buffer) => ReadonlyArray<string>
}

const listener = <A>(framing: Protocol.Protocol<A>["framing"], replyIn: (message: A) => string | undefined) => () => {
  const codec = framing.open(65_536)
  return {
    hear: (chunk: Buffer): ReadonlyArray<string> => {
      const replies: Array<string> = []
      codec.push(chunk)
      for (let message = codec.next(); message !== undefined; message = codec.next()) {
        const reply = replyIn(message)
        if (reply !== undefined) replies.push(reply)
      }
      if (codec.error !== undefined) replies.push(`what cannot be read: ${codec.error.message}`)
      return replies
    }
  }
}

const line = (words: string): Buffer => Buffer.from(`${words}\n`)

const text = (
  protocol: string,
  request: (n: number) => string,
  reply: (n: number) => string,
  long: string
): Speech => ({
  protocol,
  request: (n) => line(request(n)),
  reply,
  floods: [line(request(0)), line(long)],
  listen: listener(Framing.line, (message) => message)
})

const statistics = {
  request: Buffer.from(Chars.clientFraming.open(65_536).encode(Chars.request(Chars.statisticsRequest))),
  reply: /^Statistics: \d+ symbols was delivered$/
}

export const speeches: ReadonlyArray<Speech> = [
  text("calc", (n) => `${n}*2+1`, (n) => String(n * 2 + 1), "10**1000"),
  text("echo", (n) => `number ${n}`, (n) => `number ${n}`, "x".repeat(1000)),
  text(
    "reverse",
    (n) => `${n} ADVANCE`,
    (n) => `ECNAVDA ${String(n).split("").toReversed().join("")}`,
    "x".repeat(1000)
  ),
  {
    protocol: "chars",
    request: () => statistics.request,
    reply: () => statistics.reply,
    floods: [statistics.request],
    listen: listener(Chars.clientFraming, ({ content }) => {
      const words = Buffer.from(content).toString()
      // The random characters are at most five.
      return words.length > 5 ? words : undefined
    })
  }
]

export const matches = (reply: string, expected: string | RegExp): boolean =>
  typeof expected === "string" ? reply === expected : expected.test(reply)
