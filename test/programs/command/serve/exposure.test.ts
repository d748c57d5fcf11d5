import { describe, expect, it } from "@effect/vitest"
import { exposure } from "../../../../src/programs/command/serve/exposure.js"

const unset = (name: string) => ({ name, value: undefined, text: "none", source: "default" })

const options = {
  allow: unset("allow"),
  maxConnectionsPerAddress: unset("max-connections-per-address"),
  acceptRate: unset("accept-rate"),
  maxConnections: unset("max-connections"),
  idleTimeout: unset("idle-timeout"),
  tlsClientCa: unset("tls-client-ca")
}

const everywhere = { host: "0.0.0.0", port: 1234 }

describe("What strangers may do", () => {
  it("is said of the calculator at an address that others reach", () => {
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "calc.example.org"]) {
      expect(exposure("calc", [{ path: "/run/calc.sock" }, { host, port: 1234 }], options)).toContain(
        `may have expressions evaluated`
      )
    }
    expect(exposure("calc", [{ host: "::", port: 1234 }], options)).toBe(
      "whoever reaches [::]:1234 may have expressions evaluated, on as many connections and for as long as they like: "
        + "--allow, --max-connections-per-address, --accept-rate, --max-connections, --idle-timeout or --tls-client-ca limits "
        + "that, and silences this"
    )
  })

  it("is not said where only this machine comes, nor of other protocols", () => {
    for (const host of ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "localhost", "calc.localhost"]) {
      expect(exposure("calc", [{ host, port: 1234 }, { path: "/run/calc.sock" }], options)).toBeUndefined()
    }
    expect(exposure("echo", [everywhere], options)).toBeUndefined()
  })

  it("is silenced by any limit, even one that is chosen as it is by default", () => {
    for (const key of Object.keys(options) as Array<keyof typeof options>) {
      const chosen = { ...options, [key]: { ...options[key], source: "SWITCHBOARD_X" } }
      expect(exposure("calc", [everywhere], chosen)).toBeUndefined()
    }
  })
})
