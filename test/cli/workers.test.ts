import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect as dial } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as certificates from "../behaviours/support/certificates.js"
import * as Admin from "./Admin.js"
import { handOver } from "./handOver.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Says which process it is, and can be kept busy, so that another takes whoever comes. */
const telling = (version: number): string => `
  export default (text) => {
    for (const end = Date.now() + Number(text); Date.now() < end;);
    return process.pid + " ${version}"
  }`

const file = (cwd: string, name: string, content: string) => Effect.sync(() => writeFileSync(join(cwd, name), content))

/** What the peer is told for a line. One at a time. */
const ask = (peer: Peer.Peer, line: string): Effect.Effect<string> =>
  Effect.suspend(() => {
    const before = peer.text().length
    const answer = (length: number): Effect.Effect<string> =>
      Effect.flatMap(
        peer.received(length),
        (text) => text.endsWith("\n") ? Effect.succeed(text.slice(before).trim()) : answer(text.length + 1)
      )
    return Effect.zipRight(peer.send(`${line}\n`), answer(before + 1))
  })

/** A client of a worker that is none of these. While the others are busy, that one takes whoever comes. */
const clientOfAnother = (port: number, others: ReadonlyArray<Peer.Peer>, known: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    for (;;) {
      const comes = Effect.flatMap(Peer.connect(port), (peer) => Effect.map(ask(peer, "0"), (text) => ({ peer, text })))
      const [, { peer, text }] = yield* Effect.all([
        Effect.forEach(others, (other) => ask(other, "50"), { concurrency: "unbounded" }),
        comes
      ], { concurrency: "unbounded" })
      const [pid = ""] = text.split(" ")
      if (!known.includes(pid)) return [peer, pid] as const
      peer.socket.destroy()
    }
  })

const isAlive = (pid: string | number): boolean => {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

const lines = (text: string, what: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => line.includes(what))

/** A settings file of two workers, with something more. */
const settings = (more: string): string => `{ "workers": 2, "pid-file": "server.pid", ${more} }`

/** Connects, asks once and leaves; gives the answer, if there was one. */
const visit = (port: number): Promise<string> =>
  new Promise((resolve) => {
    let text = ""
    const socket = dial(port, "127.0.0.1", () => socket.write("0\n"))
    socket.setEncoding("utf8")
    socket.on("data", (chunk: string) => {
      text += chunk
      if (text.endsWith("\n")) socket.end()
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(text.trim()))
  })

describe("serve --workers", () => {
  it.scopedLive("63, 65. A worker that is killed is replaced, and its clients alone are lost; SIGTERM drains all", () =>
    Effect.gen(function*() {
      const cwd = yield* folder
      yield* file(cwd, "telling.mjs", telling(1))
      const [pidFile, admin] = [join(cwd, "server.pid"), join(cwd, "admin.sock")]
      const server = yield* Switchboard.serve(
        ["threaded", "./telling.mjs", "--workers", "2", "--pid-file", pidFile, "--admin", `unix:${admin}`],
        { cwd }
      )
      expect(server.stdout.text).toContain("(threaded, telling, 2 workers)")
      const first = yield* Peer.connect(server.port)
      const [one = ""] = (yield* ask(first, "0")).split(" ")
      const [second, two] = yield* clientOfAnother(server.port, [first], [one])

      process.kill(Number(one), "SIGKILL")
      yield* first.ended
      expect(yield* ask(second, "0")).toBe(`${two} 1`)
      const [third, three] = yield* clientOfAnother(server.port, [second], [one, two])
      expect(lines(server.stderr.text, "event=worker-")).toEqual([
        expect.stringContaining(
          `(process ${one}) was killed by SIGKILL: its clients are lost, and another takes its place`
        )
      ])

      const place = `unix:${admin}`
      const page = yield* Admin.json(place, "/connections")
      const { connections } = page.body as { readonly connections: ReadonlyArray<{ readonly worker: number }> }
      expect(new Set(connections.map(({ worker }) => worker)).size).toBe(2)
      yield* Admin.ask(place, "/limits", { method: "PATCH", body: { "max-connections": 7 } })
      const metrics = yield* Admin.ask(place, "/metrics")
      expect(metrics.body).toMatch(/^switchboard_workers 2$/m)
      expect(metrics.body).toMatch(/^switchboard_connections_limit 7$/m)

      yield* third.send("50\n")
      server.child.kill("SIGTERM")
      expect(yield* server.exit).toEqual({ code: 0, signal: null })
      expect(yield* second.ended).toMatchObject({ error: undefined })
      expect([two, three].filter(isAlive)).toEqual([])
      expect(lines(server.stderr.text, "event=stopped").length).toBe(2)
    }))

  it.scopedLive(
    "64. A reload under load loses no request; where it cannot be done, all goes on as it was",
    () =>
      Effect.gen(function*() {
        const cwd = yield* folder
        yield* file(cwd, "telling.mjs", telling(1))
        yield* file(cwd, "switchboard.json", settings(`"drain-timeout": "5s"`))
        const server = yield* Switchboard.serve(["threaded", "./telling.mjs", "--admin", "unix:admin.sock"], { cwd })
        const reload = Effect.flatMap(
          Switchboard.run(["reload"], { cwd }),
          (ended) => Effect.sync(() => expect(ended).toEqual({ code: 0, stdout: "", stderr: "" }))
        )
        const old = yield* Peer.connect(server.port)
        expect(yield* ask(old, "0")).toMatch(/ 1$/)

        const answers: Array<string> = []
        const visiting = new AbortController()
        const visitor = async (): Promise<void> => {
          while (!visiting.signal.aborted) answers.push(await visit(server.port))
        }
        const visitors = Array.from({ length: 8 }, visitor)
        yield* file(cwd, "telling.mjs", telling(2))
        yield* reload
        yield* server.stderr.find(/event=reloaded/)
        visiting.abort()
        yield* Effect.promise(() => Promise.all(visitors))
        expect(answers.filter((answer) => !/^\d+ [12]$/.test(answer))).toEqual([])
        expect(answers.length).toBeGreaterThan(100)
        expect(yield* Effect.promise(() => visit(server.port))).toMatch(/ 2$/)
        expect(yield* old.ended).toMatchObject({ error: undefined })

        yield* file(cwd, "switchboard.json", settings(`"max-frame": "much"`))
        server.child.kill("SIGHUP")
        yield* server.stderr.find(/event=reload-failed reason="'max-frame' in \S+ must be a whole number/)
        yield* file(cwd, "telling.mjs", "throw new Error('not today')")
        yield* file(cwd, "switchboard.json", settings(`"admin": "unix:admin.sock"`))
        expect(yield* Switchboard.run(["reload"], { cwd })).toEqual({
          code: 1,
          stdout: "",
          stderr: expect.stringMatching(/^switchboard: The server was not reloaded: The module .* not today/)
        })
        expect(yield* Effect.promise(() => visit(server.port))).toMatch(/ 2$/)
        server.child.kill("SIGTERM")
        expect(yield* server.exit).toEqual({ code: 0, signal: null })
        expect(yield* Switchboard.run(["reload"], { cwd })).toMatchObject({ code: 3 })
      }),
    60_000
  )

  it.scopedLive("Where the first worker cannot start, the command ends as one process would", () =>
    Effect.gen(function*() {
      const cwd = yield* folder
      yield* file(cwd, "broken.mjs", "throw new Error('not today')")
      yield* file(cwd, "deadly.mjs", "process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => {})")
      const serve = (...words: ReadonlyArray<string>) => Switchboard.run(["serve", ...words, "--port", "0"], { cwd })
      const [broken, deadly, single, few] = yield* Effect.all([
        serve("threaded", "./broken.mjs", "--workers", "2"),
        serve("threaded", "./deadly.mjs", "--workers", "2"),
        serve("single", "--workers", "2"),
        serve("select", "--workers", "2", "--max-connections", "1")
      ], { concurrency: 2 })
      expect(broken).toMatchObject({ code: 2, stdout: "" })
      expect(broken.stderr).toMatch(/^switchboard: The module \.\/broken\.mjs could not be loaded: .*not today.*\n$/)
      expect(deadly).toEqual({
        code: 1,
        stdout: "",
        stderr: "switchboard: A worker was killed by SIGKILL before it served anybody.\n"
      })
      expect(single).toEqual({
        code: 2,
        stdout: "",
        stderr: "switchboard: --workers 2 does not go with single, which serves one client at a time: leave it out, or "
          + "choose threaded or select.\n"
      })
      expect(few).toMatchObject({
        code: 2,
        stderr: "switchboard: --max-connections 1 is less than the 2 workers: each takes one at the least.\n"
      })
    }))

  it.scopedLive("Its workers listen at every kind of place", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "calc.sock")
      const listen = `tcp://127.0.0.1:0,tls://127.0.0.1:0,ws://127.0.0.1:0,unix:${path}`
      const { certificate } = certificates.server
      const server = yield* Switchboard.start(
        ["serve", "select", "--workers", "2", "--listen", listen, "--tls-cert", certificate, "--socket-mode", "600"]
      )
      yield* server.stdout.find(/(listening on \S+ .*\n){4}/)
      const places = Array.from(server.stdout.text.matchAll(/listening on (\S+)/g), ([, place]) => place!)
      expect(places.map((place) => place.replace(/:\d+/, ""))).toEqual([
        "tcp://127.0.0.1",
        "tls://127.0.0.1",
        "ws://127.0.0.1/",
        `unix:${path}`
      ])
      const asked = yield* Effect.forEach(
        places,
        (place) =>
          Switchboard.run([
            "connect",
            place,
            ...(place.startsWith("tls") ? ["--ca", certificates.authority] : []),
            "calc",
            "6 * 7"
          ]),
        { concurrency: 2 }
      )
      expect(asked.map(({ stdout }) => stdout)).toEqual(["42\n", "42\n", "42\n", "42\n"])
    }))

  it.scopedLive.skipIf(spawnSync("python3", ["--version"]).error !== undefined)(
    "63. A socket that was handed over stays open, behind a proxy, also while its only worker is replaced",
    () =>
      Effect.gen(function*() {
        const server = yield* Switchboard.start(
          ["serve", "threaded", "--workers", "1", "--proxy-protocol", "127.0.0.1", "--mode", "debug"],
          { shell: handOver() }
        )
        const [, port] = yield* server.stdout.find(/^listening on tcp:\/\/127\.0\.0\.1:(\d+) /)
        const greeting = "PROXY TCP4 192.0.2.1 192.0.2.2 5678 1234\r\n"
        const first = yield* Peer.connect(Number(port))
        expect(yield* ask(first, `${greeting}6 * 7`)).toBe("42")
        yield* server.stderr.find(/connected to 192\.0\.2\.1:5678/)
        const [, pid] = yield* server.stderr.find(/calc under threaded at \S+, process (\d+)/)
        process.kill(Number(pid), "SIGKILL")
        const second = yield* Peer.connect(Number(port))
        expect(yield* ask(second, `${greeting}1 + 1`)).toBe("2")
      })
  )
})
