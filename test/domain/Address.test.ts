import { expect, it } from "@effect/vitest"
import { format } from "../../src/domain/Address.js"

it.each([
  ["127.0.0.1", 1234, "127.0.0.1:1234"],
  ["localhost", 0, "localhost:0"],
  ["::1", 65_535, "[::1]:65535"],
  ["fe80::1%eth0", 80, "[fe80::1%eth0]:80"]
])("host %s, port %i is written %3$s", (host, port, text) => {
  expect(format({ host, port })).toBe(text)
})
