import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { admit, authorize, tokenOf } from "../../../../src/programs/command/admin/Guard.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const tcp = { host: "127.0.0.1", isPrivate: false, tokenFile: undefined }

/** The status of what is refused; 0 where nothing is. */
const status = <R>(effect: Effect.Effect<void, { readonly status: number }, R>) =>
  Effect.match(effect, { onFailure: ({ status }) => status, onSuccess: () => 0 })

describe("Who may ask at the admin port", () => {
  it.effect.each<readonly [host: string, status: number]>([
    ["127.0.0.1:9090", 0],
    ["localhost:9090", 0],
    ["[::1]:9090", 0],
    ["10.1.2.3", 0],
    ["switchboard:9090", 0],
    ["evil.example:9090", 421],
    ["127.0.0.1.evil.example", 421],
    ["localhost.evil.example", 421]
  ])(
    "one that asks for %s gets %i: a name that a stranger may give away is none of its own",
    ([host, expected]) => Effect.map(status(admit({ headers: { host } }, tcp)), (got) => expect(got).toBe(expected))
  )

  it.effect("the name that it was given is its own, and at a unix socket there are no names", () =>
    Effect.gen(function*() {
      const headers = { host: "calc.example.org:9090" }
      expect(yield* status(admit({ headers }, { ...tcp, host: "Calc.example.org" }))).toBe(0)
      expect(yield* status(admit({ headers }, { ...tcp, host: undefined }))).toBe(0)
      // Unless it is a browser that asks, at a port that is forwarded to it.
      const site = { "sec-fetch-site": "same-origin" }
      expect(yield* status(admit({ headers: { ...headers, ...site } }, { ...tcp, host: undefined }))).toBe(421)
      expect(yield* status(admit({ headers: { host: "localhost:9090", ...site } }, { ...tcp, host: undefined }))).toBe(
        0
      )
      const other = { host: "localhost:9090", "sec-fetch-site": "cross-site" }
      expect(yield* status(admit({ headers: other }, { ...tcp, host: undefined }))).toBe(403)
    }))

  it.effect("a page of another origin is refused, by either sign, and its own is not", () =>
    Effect.gen(function*() {
      const host = "localhost:9090"
      const asked = (headers: Readonly<Record<string, string>>) => status(admit({ headers: { host, ...headers } }, tcp))
      expect(yield* asked({ origin: "http://localhost:9090", "sec-fetch-site": "same-origin" })).toBe(0)
      expect(yield* asked({ "sec-fetch-site": "none" })).toBe(0)
      expect(yield* asked({ origin: "http://localhost:8080" })).toBe(403)
      expect(yield* asked({ origin: "https://localhost:9090" })).toBe(403)
      expect(yield* asked({ origin: "null" })).toBe(403)
      expect(yield* asked({ "sec-fetch-site": "cross-site" })).toBe(403)
      expect(yield* asked({ "sec-fetch-site": "same-site" })).toBe(403)
    }))

  it.scoped("a change needs the token of the file as it is now; without a file nobody has it, and at a private socket all do", () =>
    Effect.gen(function*() {
      const tokenFile = join(yield* folder, "token")
      const [old, fresh] = ["an-old-token-of-some-length", "another-token-altogether"]
      writeFileSync(tokenFile, `${old}\n`)
      const change = (authorization: string | undefined) =>
        status(authorize({ headers: { authorization } }, { ...tcp, tokenFile }))
      expect(yield* change(`Bearer ${old}`)).toBe(0)
      expect(yield* change(`bearer ${old}`)).toBe(0)
      for (const wrong of [undefined, "", old, `Basic ${old}`, "Bearer ", `Bearer ${old}x`, `Bearer ${fresh}`]) {
        expect(yield* change(wrong)).toBe(401)
      }
      writeFileSync(tokenFile, fresh)
      expect(yield* change(`Bearer ${old}`)).toBe(401)
      expect(yield* change(`Bearer ${fresh}`)).toBe(0)
      rmSync(tokenFile)
      expect(yield* change(`Bearer ${fresh}`)).toBe(403)
      expect(yield* status(authorize({ headers: { authorization: `Bearer ${fresh}` } }, tcp))).toBe(403)
      expect(yield* status(authorize({ headers: {} }, { ...tcp, isPrivate: true }))).toBe(0)
    }))

  it.scoped("a token that is too short to be one is none", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "token")
      writeFileSync(path, "secret\n")
      expect(yield* Effect.flip(tokenOf(path))).toContain("must have 16 bytes or more")
    }))
})
