import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { format } from "../../../../src/domain/Address.js"
import * as AdminServer from "../../../../src/programs/command/admin/AdminServer.js"
import * as Admin from "../../../cli/Admin.js"

describe("The admin port of a server that starts", () => {
  it.scopedLive("answers at once, that it is alive and not ready", () =>
    Effect.gen(function*() {
      const { address } = yield* AdminServer.make({ host: "127.0.0.1", port: 0 }, undefined)
      const place = `http://${format(address)}`
      expect(yield* Admin.ask(place, "/livez")).toMatchObject({ status: 200, body: "alive\n" })
      const unready = { status: 503, body: "starting: it does not listen yet\n" }
      expect(yield* Admin.ask(place, "/readyz")).toMatchObject(unready)
      expect(yield* Admin.ask(place, "/live")).toMatchObject(unready)
    }))
})
