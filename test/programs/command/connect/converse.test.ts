import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Writable } from "node:stream"
import { line } from "../../../../src/domain/Framing.js"
import { printer } from "../../../../src/programs/command/connect/Audience.js"
import { converse } from "../../../../src/programs/command/connect/converse.js"
import * as Lines from "../../../../src/programs/command/connect/Lines.js"
import { namedClient } from "../../../../src/programs/command/connect/namedClient.js"
import { Output } from "../../../../src/programs/command/connect/Output.js"
import { Rounds } from "../../../../src/programs/command/connect/Rounds.js"
import { Connector } from "../../../../src/services/Connector.js"
import { Peer } from "../../client/Peer.js"

const KiB = 1024
const MiB = 1024 * KiB

/** A reader that takes what it is given when it is told to. */
class Reader extends Writable {
  text = ""
  isReading: boolean
  private next: (() => void) | undefined = undefined

  constructor(isReading: boolean) {
    super()
    this.isReading = isReading
  }
  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += bytes.toString()
    if (this.isReading) done()
    else this.next = done
  }
  read(): void {
    this.isReading = true
    this.next?.()
  }
}

/** Lets everybody do what they can do now: fibers, and streams. */
const rest = Effect.zipRight(
  TestClock.adjust(0),
  Effect.async<void>((resume) => void setImmediate(() => resume(Effect.void)))
)

const start = (lines: Lines.Lines, { isGiven = true, isReading = true, json = false }) =>
  Effect.gen(function*() {
    const peer = new Peer()
    const reader = new Reader(isReading)
    const said: Array<string> = []
    const protocol = yield* namedClient("echo", line)
    const output = new Output(reader)
    const say = (words: string): void => void said.push(words)
    const audience = printer(output, json, say)
    const conversing = yield* converse(protocol, lines, audience, output, say, { retry: 0, isGiven }).pipe(
      Effect.zipRight(output.taken),
      Effect.provideService(Connector, { connect: () => Effect.succeed(peer) }),
      Effect.fork
    )
    yield* rest
    return { conversing, peer, reader, said }
  })

describe("A greeting", () => {
  it.effect("is not the first reply, in a pipe either", () =>
    Effect.gen(function*() {
      const { conversing, peer, reader, said } = yield* start(Lines.fromMessages(["a", "b"]), {})
      expect(peer.heard).toBe("")
      yield* TestClock.adjust(19)
      peer.say("welcome\n")
      yield* TestClock.adjust(1)
      expect(peer.heard).toBe("a\nb\n")
      peer.say("A\nB\n")
      yield* rest
      yield* Fiber.join(conversing)
      expect(reader.text).toBe("A\nB\n")
      expect(said).toEqual(["The server says, unasked: welcome"])
    }))

  it.effect("is with --json an object without a request", () =>
    Effect.gen(function*() {
      const { conversing, peer, reader } = yield* start(Lines.fromMessages(["a"]), { json: true })
      peer.say("welcome\n")
      yield* TestClock.adjust(20)
      peer.say("A\n")
      yield* rest
      yield* Fiber.join(conversing)
      expect(reader.text.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
        { request: null, reply: "welcome", ok: true, milliseconds: null, error: null },
        { request: "a", reply: "A", ok: true, milliseconds: 0, error: null }
      ])
    }))
})

describe("A reader that takes nothing", () => {
  it.effect("40. has at most 1 MiB held for it, and then every reply, with none of them late", () =>
    Effect.gen(function*() {
      const count = 8000
      const { conversing, peer, reader, said } = yield* start(
        Lines.fromMessages(Array.from({ length: count }, String)),
        {
          isReading: false
        }
      )
      yield* TestClock.adjust(20)
      const replies = `${"x".repeat(KiB - 1)}\n`.repeat(64)
      let given = 0
      const give = Effect.gen(function*() {
        while (given < count && peer.isRead) {
          peer.say(replies)
          given += 64
          yield* rest
        }
      })
      yield* give
      expect(given * KiB).toBeLessThanOrEqual(MiB)
      yield* TestClock.adjust("1 hour")
      reader.read()
      yield* rest
      yield* give
      yield* Fiber.join(conversing)
      expect(given).toBe(count)
      expect(reader.text.length).toBe(count * KiB)
      expect(said).toEqual([])
    }))
})

describe("Rounds", () => {
  it.effect("follow each other when all is answered, and not before their time", () =>
    Effect.gen(function*() {
      const { conversing, peer, reader } = yield* start(new Rounds(["a", "b"], 3, Duration.seconds(1)), {})
      yield* TestClock.adjust(20)
      expect(peer.heard).toBe("a\nb\n")
      peer.say("A\n")
      yield* TestClock.adjust("1500 millis")
      expect(peer.heard).toBe("a\nb\n")
      peer.say("B\n")
      yield* rest
      expect(peer.heard).toBe("a\nb\na\nb\n")
      peer.say("A\nB\n")
      yield* TestClock.adjust(999)
      expect(peer.heard).toBe("a\nb\na\nb\n")
      yield* TestClock.adjust(1)
      expect(peer.heard).toBe("a\nb\na\nb\na\nb\n")
      peer.say("A\nB\n")
      yield* rest
      yield* Fiber.join(conversing)
      expect(reader.text).toBe("A\nB\nA\nB\nA\nB\n")
    }))
})

describe("A message that cannot be sent", () => {
  it.effect("is a mistake of the caller, after those before it are answered", () =>
    Effect.gen(function*() {
      const { conversing, peer, reader } = yield* start(Lines.fromMessages(["a", "b\nc", "d"]), {})
      yield* TestClock.adjust(20)
      expect(peer.heard).toBe("a\n")
      peer.say("A\n")
      yield* rest
      expect(yield* Fiber.await(conversing)).toEqual(Exit.fail(expect.objectContaining({
        _tag: "UsageError",
        message: `The message "b\\nc" cannot be sent: a line cannot hold a newline.`
      })))
      yield* rest
      expect(reader.text).toBe("A\n")
    }))
})

describe("A client protocol that dies", () => {
  it.effect("ends the conversation, rather than have it wait for ever", () =>
    Effect.gen(function*() {
      const echo = yield* namedClient("echo", line)
      const dies = { ...echo, prepare: () => Effect.die(new Error("of every request")) }
      const conversing = yield* converse(
        dies,
        Lines.fromMessages(["a"]),
        { told: () => {}, unasked: () => {} },
        new Output(new Reader(true)),
        () => {},
        { retry: 0, isGiven: true }
      ).pipe(
        Effect.provideService(Connector, { connect: () => Effect.succeed(new Peer()) }),
        Effect.exit,
        Effect.fork
      )
      yield* TestClock.adjust(20)
      expect(yield* Fiber.join(conversing)).toMatchObject({ cause: { _tag: "Die" } })
    }))
})
