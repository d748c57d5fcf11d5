// The clients that are in use today, played on plain sockets, with their exact bytes, against our servers.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"
import * as Switchboard from "./Switchboard.js"

const models = ["iterative", "single", "threaded", "select"] as const

interface OldClient {
  readonly socket: net.Socket
  readonly send: (bytes: string | Uint8Array) => Effect.Effect<void>
  /** `recv(1024)`: what the next read brings, empty at the end. */
  readonly receive: Effect.Effect<Buffer>
  /** Exactly so many bytes. */
  readonly receiveExactly: (count: number) => Effect.Effect<Buffer>
}

const connect = (port: number): Effect.Effect<OldClient, never, Scope.Scope> =>
  Effect.gen(function*() {
    const socket = yield* Effect.acquireRelease(
      Effect.sync(() => net.connect({ port, host: "127.0.0.1" })),
      (socket) => Effect.sync(() => socket.destroy())
    )
    const receiveExactly = (count: number | undefined): Effect.Effect<Buffer> =>
      Effect.async((resume) => {
        const take = (): void => {
          const chunk = socket.read(count) as Buffer | null
          if (chunk !== null) resume(Effect.succeed(chunk))
          else if (socket.readableEnded) resume(Effect.succeed(Buffer.alloc(0)))
          else socket.once("readable", take)
        }
        take()
      })
    return {
      socket,
      send: (bytes) => Effect.sync(() => void socket.write(bytes)),
      receive: Effect.suspend(() => receiveExactly(undefined)),
      receiveExactly
    }
  })

/** `sendall(request)`, then one `recv(1024)`. */
const ask = ({ receive, send }: OldClient, request: string): Effect.Effect<string> =>
  Effect.map(Effect.zipRight(send(request), receive), String)

const conversations = {
  calc: [["22 + 44", "66"], ["4 / 2", "2.0"], ["1 +", "INVALID STATEMENT"], [
    "2 ** 100",
    "1267650600228229401496703205376"
  ]],
  echo: [["hello", "hello"], ["no newline", "no newline"]],
  reverse: [["ADVANCE", "ECNAVDA"], ["abc", "cba"]]
} as const

const envelope = (content: string): Buffer => {
  const header = Buffer.from(JSON.stringify({
    byteorder: "little",
    "content-type": "binary/custom-client-binary-type",
    "content-encoding": "binary",
    "content-length": content.length
  }))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(header.length)
  return Buffer.concat([length, header, Buffer.from(content)])
}

const receiveEnvelope = ({ receiveExactly }: OldClient) =>
  Effect.gen(function*() {
    const length = (yield* receiveExactly(2)).readUInt16BE()
    const header = JSON.parse((yield* receiveExactly(length)).toString()) as Record<string, unknown>
    const content = (yield* receiveExactly(Number(header["content-length"]))).toString()
    return { header, content }
  })

describe.each(models)("%s serves the clients in use today", (model) => {
  it.scopedLive.each(Object.keys(conversations) as Array<keyof typeof conversations>)(
    "%s: each recv brings one bare reply",
    (protocol) =>
      Effect.gen(function*() {
        const { port } = yield* Switchboard.serve([model, protocol, "--terse"])
        const client = yield* connect(port)
        for (const [request, reply] of conversations[protocol]) expect(yield* ask(client, request)).toBe(reply)
      })
  )

  it.scopedLive("chars: envelopes with every key, and statistics for a request that comes a byte at a time", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve([model, "chars"])
      const client = yield* connect(port)
      client.socket.setNoDelay(true)
      const { content, header } = yield* receiveEnvelope(client)
      expect(content).toMatch(/^[A-Za-z0-9]{1,5}$/)
      expect(header).toEqual({
        byteorder: expect.stringMatching(/^(little|big)$/),
        "content-type": "binary/custom-server-binary-type",
        "content-encoding": "binary",
        "content-length": content.length,
        sleep_time: expect.any(Number)
      })
      for (const byte of envelope("s")) yield* client.send(Uint8Array.of(byte))
      let delivered = content.length
      let last = header
      for (;;) {
        const message = yield* receiveEnvelope(client)
        if (message.content.startsWith("Statistics")) {
          expect(message.content).toBe(`Statistics: ${delivered} symbols was delivered`)
          expect(message.header["sleep_time"]).toBe(last["sleep_time"])
          break
        }
        delivered += message.content.length
        last = message.header
      }
    }))
})

describe.each(["threaded", "select"] as const)("%s, with a client that never reads", (model) => {
  it.scopedLive.each(Object.keys(conversations) as Array<keyof typeof conversations>)(
    "%s goes on to answer the others",
    (protocol) =>
      Effect.gen(function*() {
        const { port } = yield* Switchboard.serve([model, protocol, "--terse"])
        const deaf = yield* connect(port)
        const [request, reply] = conversations[protocol][0]
        // More replies than the buffers of both sides hold.
        const flood = `${request}\n`.repeat(1000)
        for (let i = 0; i < 500; i++) deaf.socket.write(flood)
        const client = yield* connect(port)
        expect(yield* ask(client, request)).toBe(reply)
      })
  )
})
