import { describe, expect, it } from "@effect/vitest"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { createHash } from "node:crypto"
import { Recent } from "../../examples/upload/Recent.js"
import { upload } from "../../examples/upload/upload.js"
import type { Stage } from "../behaviours/support/stages.js"
import { each, many, serve, tcp, virtual } from "../behaviours/support/stages.js"

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

describe.each<Stage>([virtual, tcp])("upload, on %s", (stage) => {
  stage.it(
    "hashes bytes as they come, and goes on with the commands behind them",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const recent = yield* Layer.build(Recent.layer(10_000_000))
          const server = yield* Effect.provide(serve(upload, { model }), recent)
          const peer = yield* Peer.connect(server.address)
          const long = Buffer.alloc(1_000_000, "put 3\n\xff")
          yield* peer.write("put 0\nput 3\na\nbtail 9\nhello\n")
          yield* peer.write(`put ${long.length}\n`)
          yield* peer.write(long)
          yield* peer.write("tail 1\n")
          yield* peer.end
          const last = long.toString("latin1").split("\n").at(-1)
          expect((yield* peer.readToEnd).toString("latin1")).toBe(
            `${sha256(Buffer.of())} 0\n${sha256(Buffer.from("a\nb"))} 3\n2 lines\na\nb\n` +
              `Say put SIZE, and then so many bytes; or tail N.\n${sha256(long)} ${long.length}\n1 lines\n${last}\n`
          )
        }))
  )

  stage.it("streams as many lines as are asked for", () =>
    each(stage, many, (model) =>
      Effect.gen(function*() {
        const recent = yield* Layer.build(Recent.layer(10_000_000))
        const server = yield* Effect.provide(serve(upload, { model }), recent)
        const peer = yield* Peer.connect(server.address)
        const numbers = Array.from({ length: 50_000 }, (_, i) => `${i}\n`)
        const text = numbers.join("")
        yield* peer.write(`put ${text.length}\n${text}tail 40000\n`)
        yield* peer.end
        expect((yield* peer.readToEnd).toString()).toBe(
          `${sha256(Buffer.from(text))} ${text.length}\n40000 lines\n${numbers.slice(-40_000).join("")}`
        )
      })))
})

it("the last lines are the same, however they were cut", () => {
  const pieces = FastCheck.array(FastCheck.stringMatching(/^[a\n]{1,4}$/), { maxLength: 8 })
  FastCheck.assert(FastCheck.property(pieces, FastCheck.nat(9), (pieces, most) => {
    const recent = Effect.runSync(Effect.provide(Recent, Recent.layer(1000)))
    for (const piece of pieces) recent.add(Buffer.from(piece))
    const all = pieces.join("").split("\n")
    if (all.at(-1) === "") all.pop()
    const expected = most === 0 ? [] : all.slice(-most)
    const { count, lines } = recent.last(most)
    expect([...lines]).toEqual(expected)
    expect(count).toBe(expected.length)
  }))
})
