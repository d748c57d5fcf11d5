// Ensure that `npm ci` takes the lock file: it refuses one that leaves out a package of another platform.
import { describe, expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock: { readonly packages: Readonly<Record<string, Package>> } = JSON.parse(
  readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")
)

/** Where Node looks for a package of this name, from the folder of another. */
const places = (name: string, from: string): ReadonlyArray<string> => {
  const outer = from.lastIndexOf("/node_modules/")
  const here = `${from === "" ? "" : `${from}/`}node_modules/${name}`
  return from === "" ? [here] : [here, ...places(name, outer < 0 ? "" : from.slice(0, outer))]
}

describe("npm ci", () => {
  it("finds every optional package in the lock file (`node scripts/lock.mjs` names those that a registry lacks)", () => {
    const missing = Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !places(name, from).some((place) => place in lock.packages))
    )
    expect(missing).toEqual([])
  })
})
