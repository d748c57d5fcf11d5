import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import * as Switchboard from "./Switchboard.js"

interface Finding {
  readonly about: string
  readonly level: string
  readonly says: string
  readonly mend?: string
}

const doctor = (words: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  Effect.map(Switchboard.run(["doctor", ...words, "--json"], { env }), ({ code, stderr, stdout }) => {
    expect(stdout).not.toBe("")
    const { findings, wrong } = JSON.parse(stdout) as {
      readonly wrong: number
      readonly findings: ReadonlyArray<Finding>
    }
    const sick = findings.filter(({ level }) => level === "wrong")
    expect(sick).toHaveLength(wrong)
    expect({ code, stderr }).toEqual(
      wrong === 0
        ? { code: 0, stderr: "" }
        : {
          code: 8,
          stderr: `switchboard: ${wrong === 1 ? "One thing is" : `${wrong} things are`} wrong: see above.\n`
        }
    )
    return { findings, sick: sick.map(({ says }) => says), noted: findings.filter(({ level }) => level === "note") }
  })

/** A port at which somebody listens. */
const taken = Effect.map(
  Effect.acquireRelease(
    Effect.async<ReturnType<typeof createServer>>((resume) => {
      const server = createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close())
  ),
  (server) => (server.address() as AddressInfo).port
)

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

describe("doctor", () => {
  it.scopedLive("finds nothing wrong where a server can start, in lines for people", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* Switchboard.run(["doctor", "select", "--port", "0"])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(/^ {2}fine {3}node +Node \d+\.\d+\.\d+\.$/m)
      expect(stdout).toMatch(/^ {2}fine {3}place +Any free port can be had\.$/m)
      expect(stdout).not.toContain("wrong")
    }))

  it.scopedLive("tries each place as the server would: ports, addresses, paths, and several at once", () =>
    Effect.gen(function*() {
      const port = yield* taken
      const nowhere = join(yield* folder, "missing/calc.sock")
      const places = [
        `tcp://127.0.0.1:${port}`,
        "tcp://192.0.2.1:0",
        `unix:${nowhere}`,
        "tcp://127.0.0.1:0"
      ]
      const { findings, sick } = yield* doctor(["select", "--listen", places.join(), "--admin", `127.0.0.1:${port}`])
      expect(sick).toEqual([
        `Port ${port} is already in use on 127.0.0.1: stop the other program, or choose another port.`,
        "The address 192.0.2.1 is not one of this machine's: choose one that is, such as 127.0.0.1.",
        `unix:${nowhere} cannot be made: there is no such folder. Make it, or choose another path.`,
        `Port ${port} is already in use on 127.0.0.1: stop the other program, or choose another port.`
      ])
      expect(findings.filter(({ about }) => about === "place")).toHaveLength(4)
    }))

  it.scopedLive("looks at certificates: their dates, their keys, who may read those, and whom they are for", () =>
    Effect.gen(function*() {
      const path = yield* folder
      const open = join(path, "open.pem")
      copyFileSync(certificates.server.certificate, open)
      chmodSync(open, 0o644)
      const closed = join(path, "closed.pem")
      writeFileSync(closed, readFileSync(certificates.expired.certificate), { mode: 0o600 })
      const { findings, sick } = yield* doctor([
        "threaded",
        "--listen",
        "tls://localhost:0",
        "--tls-cert",
        [open, closed, certificates.other.certificate].join(),
        "--tls-key",
        [open, closed, closed].join(),
        "--tls-client-ca",
        certificates.authority
      ])
      expect(sick).toEqual([
        `Everybody on this machine may read the key in ${open}.`,
        `${closed} has expired, on Jan  1 00:00:00 2001 GMT.`,
        `The key for ${certificates.other.certificate} cannot be used: it does not belong to the certificate.`
      ])
      const says = findings.map(({ says }) => says)
      expect(says).toContainEqual(
        expect.stringMatching(/open\.pem is for DNS:localhost, .*, until Jan {2}1 .* 2126 GMT\.$/)
      )
      expect(says).toContain(`${certificates.authority} has 1 of who may sign those of clients.`)
    }))

  it.scopedLive("looks at settings: what strangers may do, what contradicts, what does nothing, what is none", () =>
    Effect.gen(function*() {
      const exposed = yield* doctor(["threaded", "--host", "0.0.0.0", "--port", "0"])
      expect(exposed.sick).toEqual([
        expect.stringMatching(/^Whoever reaches 0\.0\.0\.0:\d+ may have expressions evaluated/)
      ])
      const limited = yield* doctor(["threaded", "--host", "0.0.0.0", "--port", "0", "--accept-rate", "10/s"])
      expect(limited.sick).toEqual([])

      const env = {
        SWITCHBOARD_MAX_CONECTIONS: "10",
        SWITCHBOARD_EVALUATOR_WORKERS: "2",
        SWITCHBOARD_AT_LIMIT: "refuse"
      }
      const words = ["--port", "0", "--allow", "10.1.0.0/16", "--allow", "10.2.3.4", "--deny", "10.0.0.0/8"]
      const odd = yield* doctor(["single", "echo", ...words, "--origins", "any"], env)
      expect(odd.sick).toEqual([
        "The environment has SWITCHBOARD_MAX_CONECTIONS, which is no setting: did you mean SWITCHBOARD_MAX_CONNECTIONS?",
        "Nobody is let in: --deny has every network that --allow has."
      ])
      expect(odd.noted.map(({ says }) => says)).toEqual(expect.arrayContaining([
        "--at-limit does nothing here: it goes with threaded or select.",
        "--evaluator-workers does nothing here: it goes with the protocol calc.",
        "--origins does nothing here: it goes with a place ws:// or wss://."
      ]))
      expect((yield* doctor(["threaded", "./nonexistent.mjs", "--port", "0"])).sick).toEqual([
        expect.stringContaining("There is no module ./nonexistent.mjs")
      ])
    }))
})
