import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Admin from "./Admin.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** A server with an admin port, and where that is. */
const serve = (args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* Switchboard.serve(args)
    const [, place] = yield* server.stdout.find(/^admin at (\S+)\n/m)
    return { ...server, place: place! }
  })

/** How it is complained of such settings. */
const complaint = (args: ReadonlyArray<string>) =>
  Effect.map(Switchboard.run(["serve", "threaded", "--port", "0", ...args]), ({ code, stderr }) => [code, stderr])

describe("The admin port", () => {
  it.scopedLive("62. tells whoever asks by TCP how the server is, and has nothing changed without a token", () =>
    Effect.gen(function*() {
      const { place, port, stderr } = yield* serve(["threaded", "--admin", "127.0.0.1:0"])
      expect(place).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(yield* Admin.ask(place, "/livez")).toMatchObject({ status: 200, body: "alive\n" })
      expect(yield* Admin.ask(place, "/readyz")).toMatchObject({ status: 200, body: "ready\n" })
      const peer = yield* Peer.connect(port)
      yield* peer.send("1+1\n")
      expect(yield* peer.received(2)).toBe("2\n")
      expect(yield* Admin.json(place, "/connections")).toMatchObject({
        status: 200,
        body: {
          open: 1,
          connections: [{
            worker: 0,
            id: 1,
            since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            requests: 1,
            replies: 1,
            bytesIn: 4,
            bytesOut: 2,
            unsent: 0,
            phase: "serving"
          }],
          next: null
        }
      })
      const metrics = yield* Admin.ask(place, "/metrics")
      expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/)
      expect(metrics.body).toContain(`switchboard_requests_total{protocol="calc",outcome="answered"} 1\n`)
      expect(metrics.body).not.toContain("127.0.0.1")
      for (
        const [method, path] of [["POST", "/drain"], ["PATCH", "/limits"], ["PUT", "/log-level"], [
          "POST",
          "/reload"
        ]] as const
      ) {
        expect([path, yield* Admin.json(place, path, { method, body: {} })]).toEqual([path, {
          status: 403,
          body: { error: expect.stringContaining("--admin-token-file") }
        }])
      }
      const { status } = yield* Admin.ask(place, "/readyz", { headers: { host: "evil.example" } })
      expect(status).toBe(421)
      expect((yield* Admin.ask(place, "/nothing")).status).toBe(404)
      expect((yield* Admin.ask(place, "/metrics", { method: "POST" })).status).toBe(405)
      expect((yield* Admin.ask(place, "/livez")).headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff"
      })
      expect((yield* Admin.ask(place, "/livez")).headers["access-control-allow-origin"]).toBe(undefined)
      expect(stderr.text).not.toContain("level=ERROR")
    }))

  it.scopedLive("at a unix socket of its user alone changes limits and the log's level, tells what happens, and drains", () =>
    Effect.gen(function*() {
      const path = join(yield* folder, "admin.sock")
      const { exit, place, port, stderr } = yield* serve(["threaded", "--admin", `unix:${path}`])
      expect(place).toBe(`unix:${path}`)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      const heard = yield* Admin.listen(place, "/events")
      const limits = `{"max-connections":10000,"idle-timeout":"never","request-timeout":"30s"`
      yield* heard(new RegExp(`^event: limits\ndata: ${limits}`, "m"))
      const change = { method: "PATCH", body: { "max-connections": 5, "idle-timeout": "1m" } }
      expect(yield* Admin.json(place, "/limits", change)).toMatchObject({
        status: 200,
        body: { "max-connections": 5, "idle-timeout": "1m" }
      })
      yield* heard(/^event: limits\ndata: \{"max-connections":5,/m)
      const wrong = yield* Admin.json(place, "/limits", { method: "PATCH", body: { "idle-timeout": "soon" } })
      expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringContaining("idle-timeout must be") } })

      yield* Admin.ask(place, "/log-level", { method: "PUT", body: { "log-level": "error" } })
      const unheard = yield* Peer.connect(port)
      yield* heard(/^event: happenings\ndata: .*"_tag":"Opened","id":1,/m)
      yield* Admin.ask(place, "/log-level", { method: "PUT", body: { "log-level": "info" } })
      const told = yield* Peer.connect(port)
      yield* stderr.find(/event=accepted id=2 /)
      expect(stderr.text).not.toContain("event=accepted id=1 ")
      expect(yield* Admin.ask(place, "/connections?id=1", { method: "DELETE" })).toMatchObject({ status: 202 })
      expect(yield* unheard.ended).toEqual({ text: "", error: undefined })

      expect(yield* Admin.ask(place, "/drain", { method: "POST" })).toMatchObject({ status: 202 })
      expect(yield* told.ended).toEqual({ text: "", error: undefined })
      expect(yield* exit).toEqual({ code: 0, signal: null })
    }))

  it.scopedLive("with a token changes what it is shown the token for; it is not ready while it waits for a load balancer, and serves on", () =>
    Effect.gen(function*() {
      const tokenFile = join(yield* folder, "token")
      writeFileSync(tokenFile, "a-token-that-is-long-enough\n")
      const { place, port } = yield* serve(
        ["select", "--admin", "127.0.0.1:0", "--admin-token-file", tokenFile, "--drain-delay", "1h"]
      )
      const headers = { authorization: "Bearer a-token-that-is-long-enough" }
      expect((yield* Admin.ask(place, "/drain", { method: "POST" })).status).toBe(401)
      const fromPage = { ...headers, origin: "http://evil.example" }
      expect((yield* Admin.ask(place, "/drain", { method: "POST", headers: fromPage })).status).toBe(403)
      expect((yield* Admin.ask(place, "/readyz")).status).toBe(200)
      expect((yield* Admin.ask(place, "/drain", { method: "POST", headers })).status).toBe(202)
      expect(yield* Admin.ask(place, "/readyz")).toMatchObject({ status: 503, body: "draining: it stops\n" })
      expect((yield* Admin.ask(place, "/metrics")).body).toContain("switchboard_draining 1\n")
      const late = yield* Peer.connect(port)
      yield* late.send("6*7\n")
      expect(yield* late.received(3)).toBe("42\n")
    }))

  it.scopedLive("62. holds up nobody: whoever fills it is one of a few, and clients are served", () =>
    Effect.gen(function*() {
      const { place, port } = yield* serve(["threaded", "--admin", "127.0.0.1:0"])
      const { port: adminPort } = new URL(place)
      const full = Effect.async<void>((resume) => {
        let closed = 0
        for (let i = 0; i < 80; i++) {
          const socket = connect(Number(adminPort), "127.0.0.1")
          socket.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ")
          socket.on("error", () => {})
          socket.on("close", () => {
            if (++closed === 16) resume(Effect.void)
          })
        }
      })
      yield* full
      const peer = yield* Peer.connect(port)
      yield* peer.send("1+1\n")
      expect(yield* peer.received(2)).toBe("2\n")
    }))

  it.live("is asked for in words that it knows, and a token is where it should be", () =>
    Effect.gen(function*() {
      expect(yield* complaint(["--admin", "9090"])).toEqual([
        2,
        "switchboard: --admin cannot be '9090': a place for it is HOST:PORT, such as 127.0.0.1:9090, or unix:PATH.\n"
      ])
      expect(yield* complaint(["--admin-token-file", "/nowhere"])).toEqual([
        2,
        "switchboard: --admin-token-file goes with --admin.\n"
      ])
      expect(yield* complaint(["--admin", "127.0.0.1:0", "--admin-token-file", "/nowhere"])).toEqual([
        2,
        "switchboard: The token file /nowhere is not there.\n"
      ])
    }))
})
