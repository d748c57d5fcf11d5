import { describe, expect, it } from "@effect/vitest"
import { Echo, Framing, Model, Observer, Protocol, Server } from "effect-switchboard"
import { Peer, Simulation, VirtualNetwork } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Administration } from "../../../../src/programs/command/admin/Administration.js"
import * as AdminServer from "../../../../src/programs/command/admin/AdminServer.js"
import * as exposition from "../../../../src/programs/command/admin/exposition.js"
import * as Local from "../../../../src/programs/command/admin/Local.js"
import { Threshold } from "../../../../src/programs/command/console/Threshold.js"

const isMissing = spawnSync("promtool", ["--version"]).error !== undefined
const docs = fileURLToPath(new URL("../../../../docs/", import.meta.url))
const fixtures = fileURLToPath(new URL("../../../fixtures/prometheus/", import.meta.url))
const openMetrics = "application/openmetrics-text; version=1.0.0"

const echo = Protocol.withFraming(Echo.protocol, Framing.line)

/** A server that has served two, of whom one is still there, and what its admin port knows of it. */
const served = Effect.gen(function*() {
  const local = yield* Local.make(new Threshold("user", LogLevel.All))
  const server = yield* Effect.provideService(
    Server.make(echo, { model: Model.threaded }),
    Observer.Observer,
    local.observer
  )
  local.attach(server)
  local.enter("ready")
  const [first, second] = yield* Effect.all([Peer.connect(server.address), Peer.connect(server.address)])
  for (const peer of [first, second]) {
    yield* peer.write("hello\n")
    yield* peer.readLine
  }
  yield* second.close
  yield* Effect.sleep("1 second")
  return local.administration
})

/** What it measured, as text. */
const exposed = (accept: string) =>
  Effect.flatMap(served, ({ metrics }) => metrics).pipe(
    Effect.scoped,
    Effect.provide(VirtualNetwork.layer()),
    (program) => Simulation.run(program),
    Effect.flatMap((families) => exposition.write(families, accept))
  )

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The metrics that a text asks for, without the endings of a histogram's parts. */
const namedIn = (text: string): ReadonlyArray<string> =>
  Array.from(
    new Set(
      Array.from(
        text.matchAll(/\b(?:switchboard|process)_[a-z_]+\b/g),
        ([name]) => name.replace(/_(bucket|sum|count)$/, "")
      )
    )
  )

const families = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^# TYPE (\S+) /gm), ([, name]) => name!)

describe("Metrics, as Prometheus reads them", () => {
  it.effect("count who is still connected, too", () =>
    Effect.map(exposed(""), ({ body, contentType }) => {
      expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8")
      expect(body).toContain(`switchboard_requests_total{protocol="echo",outcome="answered"} 2\n`)
      expect(body).toContain("switchboard_connections_active 1\n")
      expect(body).toContain("switchboard_connections_closed_total{reason=\"PeerClosed\"} 1\n")
      expect(body).toContain("switchboard_received_bytes_total 12\n")
      expect(body).toContain(`switchboard_request_duration_seconds_bucket{le="+Inf",protocol="echo"} 2\n`)
    }))

  it.effect("are OpenMetrics for one who would rather have that: counters without their ending, and an end", () =>
    Effect.map(exposed(openMetrics), ({ body, contentType }) => {
      expect(contentType).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8")
      expect(body).toContain("# TYPE switchboard_requests counter\n")
      expect(body).toContain(`switchboard_requests_total{protocol="echo",outcome="answered"} 2\n`)
      expect(body.endsWith("# EOF\n")).toBe(true)
    }))

  it.effect("are all that the alerts, the dashboard and the guide ask for, and the guide names each", () =>
    Effect.map(exposed(""), ({ body }) => {
      const there = families(body)
      const [alerts, dashboard, guide] = ["alerts.yml", "grafana.json", "deploying.md"].map((name) =>
        namedIn(readFileSync(join(docs, name), "utf8"))
      )
      expect(alerts!.length).toBeGreaterThan(5)
      expect(dashboard!.length).toBeGreaterThan(10)
      for (const named of [alerts, dashboard, guide]) expect(named!.filter((name) => !there.includes(name))).toEqual([])
      const left = there.filter((name) => !guide!.includes(name))
      expect(left).toEqual(["switchboard_connections_stalled", "switchboard_connections_limit"])
    }))

  it.effect.skipIf(isMissing)("are faultless to promtool", () =>
    Effect.map(exposed(""), ({ body }) => {
      const { status, stderr, stdout } = spawnSync("promtool", ["check", "metrics"], { input: body, encoding: "utf8" })
      expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: "", stdout: "" })
    }))

  it.scoped.skipIf(isMissing)(
    "are asked for by the dashboard in queries that promtool takes",
    () =>
      Effect.gen(function*() {
        const dashboard = JSON.parse(readFileSync(join(docs, "grafana.json"), "utf8")) as {
          readonly panels: ReadonlyArray<{ readonly targets: ReadonlyArray<{ readonly expr: string }> }>
        }
        const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
        const rules = queries.map((expr, at) => ({
          record: `query_${at}`,
          expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*")
        }))
        // JSON is YAML.
        const file = join(yield* folder, "queries.yml")
        writeFileSync(file, JSON.stringify({ groups: [{ name: "queries", rules }] }))
        const { status, stderr } = spawnSync("promtool", ["check", "rules", file], { encoding: "utf8" })
        expect([queries.length > 20, status, stderr]).toEqual([true, 0, ""])
      })
  )

  it.skipIf(isMissing)("raise each alert when they should, and not before", () => {
    const check = spawnSync("promtool", ["check", "rules", join(docs, "alerts.yml")], { encoding: "utf8" })
    expect([check.status, check.stderr]).toEqual([0, ""])
    const tests = spawnSync("promtool", ["test", "rules", join(fixtures, "alerts.test.yml")], { encoding: "utf8" })
    expect([tests.status, tests.stderr, tests.stdout]).toEqual([0, "", expect.stringContaining("SUCCESS")])
  })
})

/** A port that is free for a program that cannot say which one it has taken. */
const freePort = Effect.async<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

const isWithout = spawnSync("prometheus", ["--version"]).error !== undefined

it.scopedLive.skipIf(isWithout)(
  "Prometheus scrapes the admin port, finds nothing wrong, and knows what was asked",
  () =>
    Effect.gen(function*() {
      const administration = yield* Effect.provide(served, VirtualNetwork.layer())
      const admin = yield* AdminServer.make({ host: "127.0.0.1", port: 0 }, undefined)
      yield* Effect.provideService(admin.serve, Administration, administration)
      const path = yield* folder
      const port = yield* freePort
      writeFileSync(
        join(path, "prometheus.yml"),
        [
          "global: { scrape_interval: 100ms, scrape_timeout: 100ms }",
          "scrape_configs:",
          "  - job_name: switchboard",
          `    static_configs: [{ targets: ["127.0.0.1:${admin.address.port}"] }]`
        ].join("\n")
      )
      const base = `http://127.0.0.1:${port}`
      yield* Effect.acquireRelease(
        Effect.async<ReturnType<typeof spawn>>((resume) => {
          const child = spawn("prometheus", [
            `--config.file=${path}/prometheus.yml`,
            `--storage.tsdb.path=${path}/data`,
            `--web.listen-address=127.0.0.1:${port}`
          ], { stdio: ["ignore", "ignore", "pipe"] })
          child.stderr.setEncoding("utf8").on("data", (text: string) => {
            if (text.includes("Server is ready to receive web requests")) resume(Effect.succeed(child))
          })
        }),
        (child) => Effect.sync(() => child.kill("SIGKILL"))
      )
      const query = (text: string) =>
        Effect.promise(async () => {
          const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(text)}`)
          const { data } = (await response.json()) as { data: { result: ReadonlyArray<{ value: [number, string] }> } }
          return data.result.map(({ value }) => value[1])
        })
      // It says of no scrape that it is done: it is asked until it knows of one.
      const scraped = Effect.repeat(query(`up{job="switchboard"}`), { until: (values) => values.length > 0 })
      expect(yield* scraped).toEqual(["1"])
      expect(yield* query(`switchboard_requests_total{outcome="answered"}`)).toEqual(["2"])
      expect(yield* query("histogram_quantile(1, switchboard_request_duration_seconds_bucket) >= 0")).toHaveLength(1)
      expect(yield* query("switchboard_build_info")).toEqual(["1"])
    })
)
