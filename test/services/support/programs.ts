/** Other programs as the other side. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Whether there is no such program here; if so, that is said. */
export const isMissing = (program: string, debianPackage: string): boolean => {
  if (spawnSync("which", [program]).status === 0) return false
  console.warn(`SKIPPED: what needs ${program} (apt-get install ${debianPackage}).`)
  return true
}

/** A folder until the scope closes. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** A port that is free for a program that cannot say which one it has taken. */
export const freePort = Effect.async<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** Runs a program until the scope closes. */
export const run = (
  program: string,
  args: ReadonlyArray<string>
): Effect.Effect<ChildProcessWithoutNullStreams, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(program, [...args])),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** The same, once it has said on standard error that it is ready; gives what it said of that. */
export const ready = (
  program: string,
  args: ReadonlyArray<string>,
  words: RegExp
): Effect.Effect<RegExpExecArray, never, Scope.Scope> =>
  Effect.flatMap(run(program, args), ({ stderr }) =>
    Effect.async((resume) => {
      let said = ""
      stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text
        const found = words.exec(said)
        if (found !== null) resume(Effect.succeed(found))
      })
      stderr.on("close", () => resume(Effect.dieMessage(`${program} has ended: ${said}`)))
    }))
