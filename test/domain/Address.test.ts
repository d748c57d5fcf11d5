import { describe, expect, it } from "@effect/vitest"
import { format, parse, url } from "../../src/domain/Address.js"

describe("An address", () => {
  it.each([
    ["127.0.0.1", 1234, "127.0.0.1:1234"],
    ["localhost", 0, "localhost:0"],
    ["::1", 65_535, "[::1]:65535"],
    ["fe80::1%eth0", 80, "[fe80::1%eth0]:80"]
  ])("of host %s, port %i is written %3$s", (host, port, text) => {
    expect(format({ host, port })).toBe(text)
  })

  it.each([
    ["/run/calc.sock", "unix:/run/calc.sock"],
    ["calc.sock", "unix:calc.sock"],
    ["\0calc", "unix:@calc"],
    ["", "unix:"]
  ])("of path %j is written %s", (path, text) => {
    expect(format({ path })).toBe(text)
  })

  it.each([
    { host: "127.0.0.1", port: 1234 },
    { host: "::1", port: 0 },
    { host: "example.org", port: 65_535 },
    { host: "::1", port: 8080, webSocket: "/chat" },
    { host: "::1", port: 8443, webSocket: "/chat", tls: true },
    { host: "example.org", port: 1234, tls: true },
    { path: "/run/calc.sock" },
    { path: "\0calc" }
  ])("written as a URL is read again: %j", (address) => {
    expect(parse(url(address))).toEqual(address)
  })

  it.each([
    ["localhost:5000", { host: "localhost", port: 5000 }],
    ["[::1]:1234", { host: "::1", port: 1234 }],
    ["TCP://example.org:80", { host: "example.org", port: 80 }],
    ["ws://[::1]:8080", { host: "::1", port: 8080, webSocket: "/" }],
    ["ws://example.org/chat/1", { host: "example.org", port: 80, webSocket: "/chat/1" }],
    ["wss://example.org", { host: "example.org", port: 443, webSocket: "/", tls: true }],
    ["tls://[::1]:1234", { host: "::1", port: 1234, tls: true }],
    ["unix:///run/calc.sock", { path: "/run/calc.sock" }],
    ["unix:./calc.sock", { path: "./calc.sock" }]
  ])("is read from %s", (text, address) => {
    expect(parse(text)).toEqual(address)
  })

  it.each([
    "calc",
    "22 + 44",
    "./mine.mjs",
    "C:\\mine.mjs",
    "::1",
    "a:b",
    "1:2:3",
    "./a:80",
    "",
    "unix:",
    "ws://",
    "ws://localhost:65536",
    "tls://localhost",
    "ws://localhost/?query",
    "localhost:65536"
  ])("is not read from %j", (text) => {
    expect(parse(text)).toBeUndefined()
  })
})
