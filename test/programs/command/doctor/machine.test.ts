import { describe, expect, it } from "@effect/vitest"
import * as machine from "../../../../src/programs/command/doctor/machine.js"

const here = { node: "20.20.2", descriptors: 1024, somaxconn: 4096 }

const asked = (value: number, source: string) => ({ name: "max-connections", value, text: String(value), source })

describe("The doctor", () => {
  it("wants Node 20", () => {
    expect(machine.node(here).level).toBe("fine")
    expect(machine.node({ ...here, node: "18.20.4" })).toMatchObject({
      level: "wrong",
      mend: "Install Node 20 or newer."
    })
  })

  it("says how many open files the clients need who were asked for, and minds less where nobody asked", () => {
    expect(machine.descriptors(here, 992, asked(992, "--max-connections")).level).toBe("fine")
    expect(machine.descriptors(here, 992, asked(10_000, "--max-connections"))).toMatchObject({
      level: "wrong",
      mend: expect.stringContaining("LimitNOFILE=10032")
    })
    expect(machine.descriptors(here, 992, asked(10_000, "default"))).toMatchObject({ level: "note" })
  })

  it("knows how many clients the kernel lets wait", () => {
    expect(machine.waiting(here).level).toBe("fine")
    expect(machine.waiting({ ...here, somaxconn: 128 })).toMatchObject({
      level: "note",
      mend: "sysctl -w net.core.somaxconn=4096"
    })
    expect(machine.waiting({ ...here, somaxconn: undefined }).level).toBe("note")
  })
})
