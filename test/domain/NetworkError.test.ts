import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as NetworkError from "../../src/domain/NetworkError.js"

const place = { host: "::1", port: 80 }
const timeout = Duration.seconds(2)

it.each([
  [new NetworkError.PortInUse(place), /80 .* in use/],
  [new NetworkError.AddressUnavailable(place), /::1/],
  [new NetworkError.PermissionDenied(place), /port 80/],
  [new NetworkError.ListenFailed({ ...place, cause: new Error("bad weather") }), /\[::1\]:80.*bad weather/],
  [new NetworkError.ListenFailed({ ...place, cause: "weather" }), /weather/],
  [new NetworkError.ConnectionRefused({ ...place, reason: "not listening" }), /Nothing listens on \[::1\]:80/],
  [new NetworkError.ConnectionRefused({ ...place, reason: "turned away" }), /\[::1\]:80 refused/],
  [new NetworkError.ConnectTimeout({ ...place, timeout }), /\[::1\]:80 within 2s/],
  [new NetworkError.HostNotFound(place), /::1 was not found/],
  [new NetworkError.ConnectFailed({ ...place, cause: new Error("bad weather") }), /\[::1\]:80.*bad weather/],
  [new NetworkError.ConnectFailed({ ...place, cause: "weather" }), /weather/],
  [new NetworkError.ConnectionReset(place), /\[::1\]:80/],
  [new NetworkError.ConnectionClosed(place), /\[::1\]:80/],
  [new NetworkError.ReplyTimeout({ ...place, timeout }), /\[::1\]:80 within 2s/]
])("$_tag is a sentence that names the place", (error, says) => {
  expect(error.message).toMatch(says)
  expect(error.message).toMatch(/^[A-Z].*\.$/)
})
