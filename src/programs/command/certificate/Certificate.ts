/** The command `certificate`. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { unlinkSync, writeFileSync } from "node:fs"
import { isIP } from "node:net"
import { UsageError } from "../arguments/UsageError.js"

export interface Options {
  readonly names: ReadonlyArray<string>
  readonly days: number
  readonly out: string
}

/** What a client on this machine calls a server. */
const here = ["localhost", "127.0.0.1", "::1"]

/** The program `openssl`, which knows best how to: it gives what it prints. */
const openssl = (args: ReadonlyArray<string>): Effect.Effect<string, UsageError> =>
  Effect.async((resume) => {
    execFile("openssl", args, (error, stdout, stderr) => {
      if (error === null) return resume(Effect.succeed(stdout))
      const message = error.code === "ENOENT"
        ? "The program openssl was not found, which makes certificates: install it (Debian's package openssl)."
        : `The program openssl could not make a certificate: ${stderr.trim().split("\n")[0] ?? error.message}`
      resume(new UsageError({ message }))
    })
  })

const write = (path: string, text: string, mode: number): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => writeFileSync(path, text, { flag: "wx", mode }),
    catch: (cause) => {
      const code = cause instanceof Error && "code" in cause ? cause.code : undefined
      return new UsageError({
        message: code === "EEXIST"
          ? `${path} is there already, and stays as it is: give another name with --out, or remove it.`
          : `${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`
      })
    }
  })

const remove = (path: string): Effect.Effect<void> => Effect.ignore(Effect.try(() => unlinkSync(path)))

/** Makes a key that only this user may read, and a certificate that it has signed itself. */
export const run = ({ days, names, out }: Options): Effect.Effect<void, UsageError> =>
  Effect.gen(function*() {
    const wanted = names.length === 0 ? here : names
    const odd = wanted.find((name) => isIP(name) === 0 && !/^(\*\.)?[\w-]+(\.[\w-]+)*$/.test(name))
    if (odd !== undefined) {
      yield* new UsageError({ message: `'${odd}' is no name, such as example.org or *.example.org, and no address.` })
    }
    const [key, certificate] = [`${out}.key`, `${out}.crt`]
    yield* write(key, yield* openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]), 0o600)
    const alternatives = wanted.map((name) => `${isIP(name) === 0 ? "DNS" : "IP"}:${name}`).join()
    const request = ["req", "-x509", "-new", "-key", key, "-days", `${days}`, "-subj", `/CN=${wanted[0]}`]
    yield* openssl([...request, "-addext", `subjectAltName=${alternatives}`]).pipe(
      Effect.flatMap((pem) => write(certificate, pem, 0o644)),
      Effect.tapErrorCause(() => remove(key))
    )
    yield* Console.log(
      [
        `${certificate} and ${key}: for ${wanted.join(", ")}, and ${days} days. For a try-out, as in two terminals:`,
        `switchboard serve threaded --tls-cert ${certificate} --tls-key ${key}`,
        `switchboard connect tls://${wanted[0]!.includes(":") ? `[${wanted[0]}]` : wanted[0]}:1234 --ca ${certificate}`
      ].join("\n")
    )
  })
