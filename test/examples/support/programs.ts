import * as Effect from "effect/Effect"
import { execFile, spawnSync } from "node:child_process"

/** Whether all of these programs are there. Tests of others are skipped. */
export const has = (...programs: ReadonlyArray<string>): boolean =>
  programs.every((program) => spawnSync("sh", ["-c", `command -v "$0"`, program]).status === 0)

/** Runs a program to its end, with this as its input; gives what it wrote. It dies where the program fails. */
export const run = (program: string, args: ReadonlyArray<string>, input: string | Buffer = ""): Effect.Effect<string> =>
  Effect.promise((signal) =>
    new Promise((resolve, reject) => {
      const options = { signal, maxBuffer: 64 * 1024 * 1024 }
      const child = execFile(program, args, options, (error, stdout) => {
        if (error === null) resolve(stdout)
        else reject(error)
      })
      child.stdin!.end(input)
    })
  )
