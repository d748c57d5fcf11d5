// Names in package-lock.json what it lacks for other platforms, where a registry did not offer their packages: `npm ci`
// refuses a lock file that does not name every optional package. It knows no checksums; `npm install` with a registry
// that has the packages puts them in. Run it after a change of dependencies, if `npm ci` says "Missing".
import { readFileSync, writeFileSync } from "node:fs"

const file = new URL("../package-lock.json", import.meta.url)
const lock = JSON.parse(readFileSync(file, "utf8"))

/** Which processor, system and C library a package is for, by its name: `@rollup/rollup-linux-arm-musleabihf`. */
const platformOf = (name) => {
  const [, os, cpu, abi = ""] = /-?(android|darwin|freebsd|linux|openbsd|openharmony|win32)-([a-z0-9]+)-?([a-z]*)$/
    .exec(name) ?? []
  if (os === undefined) {
    throw new Error(`${name} does not say which platform it is for: add it to the lock file by hand.`)
  }
  const libc = /^(musl|glibc|gnu)/.exec(abi)?.[0].replace("gnu", "glibc")
  return { os: [os], cpu: [cpu], ...(os === "linux" && libc !== undefined ? { libc: [libc] } : {}) }
}

for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    lock.packages[`node_modules/${name}`] ??= { version, ...platformOf(name), dev: true, optional: true }
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => a < b ? -1 : 1))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
