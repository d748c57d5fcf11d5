import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Switchboard from "./Switchboard.js"

describe("serve, where strangers come", () => {
  it.scopedLive("says once that nothing limits them, and lets in whom it is told to", () =>
    Effect.gen(function*() {
      const open = yield* Switchboard.start(["serve", "threaded", "--host", "0.0.0.0", "--port", "0"])
      // With workers it is the supervisor that says so, for all of them.
      const shared = ["--host", "0.0.0.0", "--port", "0", "--workers", "2"]
      const workers = yield* Switchboard.start(["serve", "threaded", ...shared])
      yield* workers.stderr.find(/event=exposed/)
      workers.child.kill("SIGTERM")
      const [, port] = yield* open.stdout.find(/^listening on tcp:\/\/0\.0\.0\.0:(\d+) /)
      yield* open.stderr.find(
        /level=WARN .*message="whoever reaches 0\.0\.0\.0:\d+ may have expressions evaluated.*event=exposed/
      )
      expect((yield* Switchboard.run(["connect", `127.0.0.1:${port}`, "calc", "1"])).stdout).toBe("1\n")
      open.child.kill("SIGTERM")
      yield* open.exit
      expect(open.stderr.text.match(/event=exposed/g)).toHaveLength(1)
      yield* workers.exit
      expect(workers.stderr.text.match(/event=exposed/g)).toHaveLength(1)

      const words = ["--host", "0.0.0.0", "--allow", "10.0.0.0/8", "--allow", "::1", "--accept-rate", "5/10s"]
      const closed = yield* Switchboard.serve(["threaded", ...words])
      const refused = yield* Switchboard.run(["connect", `127.0.0.1:${closed.port}`, "calc", "1"])
      expect(refused.code).toBe(3)
      yield* closed.stderr.find(/message="refused 127\.0\.0\.1:\d+: its address is not let in" .*reason=Denied/)
      expect(closed.stderr.text).not.toContain("event=exposed")
    }))

  it.effect("takes no network, and no rate, that is none", () =>
    Effect.gen(function*() {
      const complaints: ReadonlyArray<readonly [words: ReadonlyArray<string>, sentence: RegExp]> = [
        [["--deny", "10.0.0.0/33"], /--deny cannot be '10\.0\.0\.0\/33': 10\.0\.0\.0\/33 is no network/],
        [
          ["--accept-rate", "fast"],
          /--accept-rate must be a number in a time, such as 10\/s, 100\/m or 5\/10s, or none, not 'fast'/
        ],
        [["--max-connections-per-address", "0"], /--max-connections-per-address must be a whole number from 1 up/]
      ]
      for (const [words, sentence] of complaints) {
        const { code, stderr } = yield* Switchboard.run(["serve", "threaded", ...words])
        expect(stderr).toMatch(sentence)
        expect(code).toBe(2)
      }
    }))
})
