import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"

interface Told {
  readonly path: string | undefined
  readonly body: {
    readonly resourceSpans: ReadonlyArray<{
      readonly resource: { readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: unknown }> }
      readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Span> }>
    }>
  }
}

interface Span {
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: Readonly<Record<string, unknown>> }>
}

/** A span, with its attributes as text. */
const read = ({ attributes, endTimeUnixNano, name, startTimeUnixNano }: Span) => ({
  name,
  lasted: BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano),
  ...Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]))
})

/** A collector that keeps what it is told. */
const collector = Effect.gen(function*() {
  const told: Array<Told> = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (text: string) => body += text).on("end", () => {
      told.push({ path: request.url, body: JSON.parse(body) })
      response.setHeader("content-type", "application/json").end("{}")
    })
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, told }
})

/** A client that asks, takes its answer and leaves. */
const visit = (port: number, request: string, length: number) =>
  Effect.scoped(Effect.gen(function*() {
    const peer = yield* Peer.connect(port)
    yield* peer.send(request)
    yield* peer.received(length)
    peer.socket.end()
    yield* peer.ended
  }))

it.scopedLive("--otlp: a collector is told of each connection by a span: how long it lasted, who it was, and what it came to", () =>
  Effect.gen(function*() {
    const { told, url } = yield* collector
    const server = yield* Switchboard.serve(["threaded", "--otlp", url])
    yield* visit(server.port, "1+1\n2+2\n", 4)
    yield* visit(server.port, "6*7\n", 3)
    server.child.kill("SIGTERM")
    expect(yield* server.exit).toEqual({ code: 0, signal: null })
    expect(new Set(told.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]))
    const [first] = told.flatMap(({ body }) => body.resourceSpans)
    expect(first!.resource.attributes).toContainEqual({ key: "service.name", value: { stringValue: "switchboard" } })
    const spans = told.flatMap(({ body }) =>
      body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    )
    const same = {
      name: "calc",
      lasted: true,
      "network.transport": "tcp",
      "client.address": "127.0.0.1",
      "switchboard.connection.reason": "PeerClosed"
    }
    expect(spans.map(read)).toMatchObject([
      { ...same, "switchboard.connection.id": "1", "switchboard.requests": "2", "switchboard.received.bytes": "8" },
      { ...same, "switchboard.connection.id": "2", "switchboard.requests": "1", "switchboard.sent.bytes": "3" }
    ])
  }))

it.scopedLive("--otlp: a collector that is not there is a line of the log, and nobody waits for it", () =>
  Effect.gen(function*() {
    const server = yield* Switchboard.serve(["select", "--otlp", "http://127.0.0.1:1/collector/"])
    yield* visit(server.port, "6*7\n", 3)
    server.child.kill("SIGTERM")
    expect(yield* server.exit).toEqual({ code: 0, signal: null })
    expect(server.stderr.text.match(/spans are lost/g)).toHaveLength(1)
  }))
