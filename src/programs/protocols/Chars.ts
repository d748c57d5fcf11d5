/**
 * Chars: the server sends random characters at random times; the client may ask how many it has had.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { PCGRandom } from "effect/Utils"
import type { Framing } from "../../domain/Framing.js"
import type { Envelope } from "../../domain/framing/Envelope.js"
import { envelope } from "../../domain/framing/Envelope.js"
import type { Protocol, Turn } from "../../domain/Protocol.js"
import { make } from "../../domain/Protocol.js"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const mostSeconds = 5
const mostCharacters = 5

/** The header keys of a message from the client; the server's has `sleep_time`, too. */
const clientKeys = ["byteorder", "content-type", "content-encoding", "content-length"]

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

const header = {
  byteorder: isLittleEndian ? "little" : "big",
  "content-encoding": "binary"
}

/**
 * The client's request for statistics, as the content of an envelope.
 *
 * @since 0.1.0
 * @category constants
 */
export const statisticsRequest = "s"

/**
 * The framing as the client has it, which requires of a header what a server says.
 *
 * @since 0.1.0
 * @category framings
 */
export const clientFraming: Framing<Envelope> = envelope([...clientKeys, "sleep_time"])

/**
 * A message of the client.
 *
 * @since 0.1.0
 * @category constructors
 */
export const request = (content: string): Envelope => ({
  header: { ...header, "content-type": "binary/custom-client-binary-type" },
  content: Buffer.from(content)
})

interface State {
  /** This client's own chance, so that what it is sent depends on nobody else. */
  readonly random: PCGRandom
  /** Characters sent since the connection began or the last statistics. */
  readonly delivered: number
  /** Seconds waited before the last message, and being waited before the next. */
  readonly waited: number
  readonly waiting: number
}

const reply = (content: string, waited: number): Envelope => ({
  header: { ...header, "content-type": "binary/custom-server-binary-type", sleep_time: waited },
  content: Buffer.from(content)
})

const between = (random: PCGRandom, least: number, most: number): number => least + random.integer(most - least + 1)

/** Draws the time to the next message. */
const waitFor = (state: Omit<State, "waiting">, send: ReadonlyArray<Envelope>): Turn<State, Envelope> => {
  const waiting = between(state.random, 1, mostSeconds)
  return { state: { ...state, waiting }, send, wake: waiting * 1000 }
}

/**
 * Waits 1 to 5 whole seconds, sends 1 to 5 characters of `A-Z a-z 0-9`, and again, for each client by itself. The
 * request `s` is answered with the number of characters sent since the last one.
 *
 * A client's characters and waits are drawn from a generator of its own, whose seed comes from Effect's Random when it
 * is accepted.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: Protocol<Envelope> = make({
  name: "chars",
  framing: envelope(clientKeys),
  open: () =>
    Effect.map(
      Random.nextIntBetween(0, 2 ** 31),
      (seed) => waitFor({ random: new PCGRandom(seed), delivered: 0, waited: 0 }, [])
    ),
  wake: ({ delivered, random, waiting }: State) =>
    Effect.sync(() => {
      let characters = ""
      for (let left = between(random, 1, mostCharacters); left > 0; left--) {
        characters += alphabet[random.integer(alphabet.length)]
      }
      return waitFor({ random, delivered: delivered + characters.length, waited: waiting }, [
        reply(characters, waiting)
      ])
    }),
  receive: (state: State, message) =>
    Effect.succeed(
      Buffer.from(message.content).toString() === statisticsRequest
        ? {
          state: { ...state, delivered: 0 },
          send: [reply(`Statistics: ${state.delivered} symbols was delivered`, state.waited)]
        }
        : { state }
    )
})
