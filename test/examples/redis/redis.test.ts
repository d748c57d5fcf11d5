import { describe, expect, it } from "@effect/vitest"
import type { Model, Server } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createClient } from "redis"
import { Channels } from "../../../examples/redis/Channels.js"
import { glob } from "../../../examples/redis/glob.js"
import { redis } from "../../../examples/redis/redis.js"
import { Store } from "../../../examples/redis/Store.js"
import { each, many, serve, tcp, virtual } from "../../behaviours/support/stages.js"
import { has, run } from "../support/programs.js"

/** A server of its own, with an empty store. */
const start = (options: Server.Options) => {
  const served = serve(redis, options)
  return Effect.flatMap(
    Layer.build(Layer.merge(Store.layer, Channels.layer)),
    (context) => Effect.provide(served, context)
  )
}

/** What comes for all of these inline commands, which are sent at once. */
const replies = (model: Model.Model, ...commands: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { address } = yield* start({ model })
    const peer = yield* Peer.connect(address)
    yield* peer.write(commands.map((command) => `${command}\r\n`).join(""))
    yield* peer.end
    return (yield* peer.readToEnd).toString()
  })

describe("redis, on the virtual network", () => {
  virtual.it("answers pipelined commands in order", () =>
    each(virtual, many, (model) =>
      Effect.gen(function*() {
        expect(
          yield* replies(
            model,
            "PING",
            "ECHO hi",
            "GET a",
            "SET a 1",
            "SET a 2 NX",
            "GET a",
            "INCR a",
            "MGET a b",
            "KEYS *",
            "DEL a b",
            "DEL a"
          )
        ).toBe(
          "+PONG\r\n$2\r\nhi\r\n$-1\r\n+OK\r\n$-1\r\n$1\r\n1\r\n:2\r\n*2\r\n$1\r\n2\r\n$-1\r\n*1\r\n$1\r\na\r\n:1\r\n:0\r\n"
        )
      })))

  virtual.it(
    "says what is wrong with a command, and goes on",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const lines = (yield* replies(
            model,
            "FLY",
            "GET",
            "SET a",
            "SET a b PX",
            "SET a b EX 0",
            "SET a b EX one",
            "SET a 9223372036854775806",
            "INCR a",
            "INCR a",
            "SET a 01",
            "INCR a",
            "PING"
          )).split("\r\n")
          expect(lines).toEqual([
            "-ERR unknown command 'FLY'",
            "-ERR wrong number of arguments for 'get' command",
            "-ERR wrong number of arguments for 'set' command",
            "-ERR syntax error",
            "-ERR invalid expire time in 'set' command",
            "-ERR value is not an integer or out of range",
            "+OK",
            ":9223372036854775807",
            "-ERR increment or decrement would overflow",
            "+OK",
            "-ERR value is not an integer or out of range",
            "+PONG",
            ""
          ])
        }))
  )

  virtual.it(
    "keeps a key for its time, by Effect's Clock",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const { address } = yield* start({ model })
          const peer = yield* Peer.connect(address)
          const ask = (command: string) => Effect.zipRight(peer.write(`${command}\r\n`), peer.readLine)
          for (const command of ["SET a x PX 1500", "SET b 1 EX 10", "SET c x"]) {
            expect(yield* ask(command)).toBe("+OK\r")
          }
          expect(yield* ask("TTL b")).toBe(":10\r")
          expect(yield* ask("TTL c")).toBe(":-1\r")
          expect(yield* ask("EXPIRE c 2")).toBe(":1\r")
          yield* Effect.sleep("1490 millis")
          expect(yield* ask("TTL a")).toBe(":0\r")
          yield* Effect.sleep("510 millis")
          expect(yield* ask("GET a")).toBe("$-1\r")
          expect(yield* ask("TTL c")).toBe(":-2\r")
          expect(yield* ask("INCR b")).toBe(":2\r")
          expect(yield* ask("TTL b")).toBe(":8\r")
          expect(yield* ask("SET b 1")).toBe("+OK\r")
          expect(yield* ask("TTL b")).toBe(":-1\r")
          expect(yield* ask("EXPIRE b -1")).toBe(":1\r")
          expect(yield* ask("KEYS *")).toBe("*0\r")
        }))
  )

  virtual.it(
    "publishes to those who have subscribed, until they unsubscribe or leave",
    () =>
      each(virtual, many, (model) =>
        Effect.gen(function*() {
          const server = yield* start({ model })
          const [one, two, publisher] = [
            yield* Peer.connect(server.address),
            yield* Peer.connect(server.address),
            yield* Peer.connect(server.address)
          ]
          const publish = (text: string) =>
            Effect.zipRight(publisher.write(`PUBLISH news ${text}\r\n`), publisher.readLine)
          const subscribed = "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n"
          for (const peer of [one, two]) {
            yield* peer.write("SUBSCRIBE news\r\n")
            expect((yield* peer.readExactly(subscribed.length)).toString()).toBe(subscribed)
          }
          expect(yield* publish("hello")).toBe(":2\r")
          const heard = "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n"
          for (const peer of [one, two]) expect((yield* peer.readExactly(heard.length)).toString()).toBe(heard)
          yield* one.write("GET a\r\nPING\r\nUNSUBSCRIBE\r\nGET a\r\n")
          yield* one.end
          expect((yield* one.readToEnd).toString()).toBe(
            "-ERR Can't execute 'get': one who has subscribed may SUBSCRIBE, UNSUBSCRIBE, PING and QUIT\r\n" +
              "*2\r\n$4\r\npong\r\n$0\r\n\r\n*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:0\r\n$-1\r\n"
          )
          expect(yield* publish("again")).toBe(":1\r")
          yield* two.reset
          yield* server.until("Closed", 2)
          expect(yield* publish("nobody")).toBe(":0\r")
        }))
  )
})

describe("redis, with real clients", () => {
  it.scopedLive.skipIf(!has("redis-cli"))(
    "redis-cli finds what it stored, bytes and all",
    () =>
      each(tcp, many, (model) =>
        Effect.gen(function*() {
          const { address } = yield* start({ model })
          const cli = (...words: ReadonlyArray<string>) => run("redis-cli", ["-p", String(address.port), ...words])
          expect(yield* cli("SET", "grüße", "a \"b\"\r\n", "EX", "100000")).toBe("OK\n")
          expect(yield* cli("GET", "grüße")).toBe("a \"b\"\r\n\n")
          expect(yield* cli("INCR", "n")).toBe("1\n")
          expect(yield* cli("TTL", "n")).toBe("-1\n")
        }))
  )

  it.scopedLive.skipIf(!has("redis-benchmark"))(
    "redis-benchmark, with pipelining, meets no error",
    () =>
      each(tcp, many, (model) =>
        Effect.gen(function*() {
          const { address } = yield* start({ model })
          const said = yield* run("redis-benchmark", [
            ..."-n 2000 -P 16 -r 100 --csv -t ping,set,get,incr -p".split(" "),
            String(address.port)
          ])
          expect(said.split("\n").map((line) => line.split(",")[0])).toEqual(
            ["\"test\"", "\"PING_INLINE\"", "\"PING_MBULK\"", "\"SET\"", "\"GET\"", "\"INCR\"", ""]
          )
        }))
  )

  it.scopedLive("npm's redis stores, pipelines and subscribes", () =>
    each(tcp, many, (model) =>
      Effect.gen(function*() {
        const { address } = yield* start({ model })
        yield* Effect.promise(async () => {
          const client = createClient({ RESP: 2, socket: { host: address.host!, port: address.port! } })
          const subscriber = client.duplicate()
          await Promise.all([client.connect(), subscriber.connect()])
          try {
            expect(await client.set("a", "x", { EX: 100_000, NX: true })).toBe("OK")
            expect(await client.set("a", "y", { NX: true })).toBeNull()
            expect(await Promise.all(Array.from({ length: 200 }, () => client.incr("n")))).toEqual(
              Array.from({ length: 200 }, (_, index) => index + 1)
            )
            expect(await client.mGet(["a", "n", "none"])).toEqual(["x", "200", null])
            expect(await client.ttl("n")).toBe(-1)
            const heard = new Promise((resolve) => {
              void subscriber.subscribe("news", (text, channel) => resolve([text, channel])).then(() =>
                client.publish("news", "hello")
              )
            })
            expect(await heard).toEqual(["hello", "news"])
            await expect(client.sendCommand(["FLY"])).rejects.toThrow("ERR unknown command 'FLY'")
          } finally {
            client.destroy()
            subscriber.destroy()
          }
        })
      })))
})

describe("glob", () => {
  it.each<[string, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ["*", ["", "a"], []],
    ["h?llo", ["hello", "hallo"], ["hllo", "heello"]],
    ["h*llo", ["hllo", "heeeello"], ["hell"]],
    ["h[ae]llo", ["hello", "hallo"], ["hillo"]],
    ["h[^e]llo", ["hallo"], ["hello"]],
    ["h[a-b]*", ["hallo", "hb"], ["hcllo", "h"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["*a*b", ["ab", "aab", "xaxbxb"], ["ba", "abc"]]
  ])("%s", (pattern, those, others) => {
    const matches = glob(pattern)
    expect(those.filter((text) => !matches(text))).toEqual([])
    expect(others.filter(matches)).toEqual([])
  })
})
