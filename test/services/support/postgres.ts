/** A Postgres of the test's own, at a unix socket. */
import * as Effect from "effect/Effect"
import { execFileSync, spawnSync } from "node:child_process"
import { chownSync, existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { folder, run } from "./programs.js"

/** Where Debian has its programs: not where a shell looks. */
const versions = "/usr/lib/postgresql"
const [version] = existsSync(versions) ? readdirSync(versions).toSorted().toReversed() : []
const programs = join(versions, String(version), "bin")

export const isMissing = (): boolean => {
  if (existsSync(join(programs, "initdb"))) return false
  console.warn("SKIPPED: what needs Postgres (apt-get install postgresql).")
  return true
}

/** It refuses to be root's. */
const asUser = process.getuid?.() === 0
  ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
  : []
const words = (program: string): ReadonlyArray<string> => [...asUser, join(programs, program)]

const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))

/** Its URL, until the scope closes. */
export const postgres = Effect.gen(function*() {
  const place = yield* folder
  if (process.getuid?.() === 0) chownSync(place, idOf("-u"), idOf("-g"))
  const data = join(place, "data")
  const [initdb, ...before] = words("initdb")
  const made = spawnSync(
    initdb!,
    [
      ...before,
      "--pgdata",
      data,
      "--no-sync",
      "--auth=trust",
      "--username=switchboard",
      "--encoding=UTF8",
      "--locale=C"
    ],
    { encoding: "utf8", cwd: place }
  )
  if (made.status !== 0) return yield* Effect.dieMessage(`initdb: ${made.stderr}`)
  const [server, ...behind] = words("postgres")
  const settings = ["-c", "listen_addresses=", "-c", "fsync=off"]
  const child = yield* run(server!, [...behind, "-D", data, "-k", place, ...settings])
  // Killed outright it would leave its shared memory behind.
  yield* Effect.addFinalizer(() =>
    Effect.async<void>((resume) => {
      if (child.exitCode !== null || !child.kill("SIGINT")) resume(Effect.void)
      else child.once("exit", () => resume(Effect.void))
    })
  )
  yield* Effect.async<void>((resume) => {
    let said = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text
      if (/ready to accept connections/.test(said)) resume(Effect.void)
    })
    child.stderr.on("close", () => resume(Effect.dieMessage(`postgres has ended: ${said}`)))
  })
  return `postgres://switchboard@/postgres?host=${place}`
})
