import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as NetworkError from "../../src/domain/NetworkError.js"

const address = { host: "::1", port: 80 }
const timeout = Duration.seconds(2)

it.each([
  [new NetworkError.PortInUse({ address }), /80 .* in use/],
  [new NetworkError.AddressUnavailable({ address }), /::1/],
  [new NetworkError.PermissionDenied({ address }), /port 80/],
  [new NetworkError.ListenFailed({ address, cause: new Error("bad weather") }), /\[::1\]:80.*bad weather/],
  [new NetworkError.ListenFailed({ address, cause: "weather" }), /weather/],
  [new NetworkError.ConnectionRefused({ address, reason: "not listening" }), /Nothing listens on \[::1\]:80/],
  [new NetworkError.ConnectionRefused({ address, reason: "turned away" }), /\[::1\]:80 refused/],
  [new NetworkError.ConnectTimeout({ address, timeout }), /\[::1\]:80 within 2s/],
  [new NetworkError.HostNotFound({ address }), /::1 was not found/],
  [new NetworkError.ConnectFailed({ address, cause: new Error("bad weather") }), /\[::1\]:80.*bad weather/],
  [new NetworkError.ConnectFailed({ address, cause: "weather" }), /weather/],
  [new NetworkError.ConnectionReset({ address }), /\[::1\]:80/],
  [new NetworkError.ConnectionClosed({ address }), /\[::1\]:80/],
  [new NetworkError.ReplyTimeout({ address, timeout }), /\[::1\]:80 within 2s/],
  [new NetworkError.Unresponsive({ address, overdue: 1001 }), /\[::1\]:80 still owes 1001 replies/],
  [new NetworkError.GreetingFailed({ address, cause: new Error("bad weather.") }), /\[::1\]:80 failed: bad weather\.$/],
  [new NetworkError.GreetingFailed({ address, cause: "weather" }), /weather/],
  [new NetworkError.NotConnected({ address, reason: "connecting" }), /\[::1\]:80 yet: it is being made/],
  [new NetworkError.NotConnected({ address, reason: "too many wait" }), /\[::1\]:80 yet, and as many requests wait/],
  [new NetworkError.NotConnected({ address, reason: "given up" }), /\[::1\]:80\.$/],
  [
    new NetworkError.NotConnected({
      address,
      reason: "given up",
      cause: new NetworkError.ConnectionReset({ address })
    }),
    /No more attempts .* \[::1\]:80\. The last ended so: The connection .* was cut/
  ]
])("$_tag is a sentence that names the place", (error, says) => {
  expect(error.message).toMatch(says)
  expect(error.message).toMatch(/^[A-Z].*\.$/)
})
