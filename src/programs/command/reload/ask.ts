import * as Effect from "effect/Effect"
import { request } from "node:http"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import { tokenOf } from "../admin/Guard.js"
import { UsageError } from "../arguments/UsageError.js"
import { NoSuchServer, NotReloaded } from "./errors.js"

const reasonOf = (body: string): string => {
  try {
    return (JSON.parse(body) as { readonly error: string }).error
  } catch {
    return "its admin port is none of a switchboard."
  }
}

const post = (
  { host, path, port }: Address,
  headers: Readonly<Record<string, string>>
): Effect.Effect<{ readonly status: number; readonly body: string }, Error> =>
  Effect.async((resume) => {
    const asked = request({
      ...(path === undefined ? { host, port } : { socketPath: path }),
      path: "/reload",
      method: "POST",
      headers,
      agent: false
    })
    asked.on("error", (error) => resume(Effect.fail(error)))
    asked.on("response", (response) => {
      let body = ""
      response.setEncoding("utf8").on("data", (text: string) => body += text)
      response.on("end", () => resume(Effect.succeed({ status: response.statusCode ?? 0, body })))
      response.on("error", (error) => resume(Effect.fail(error)))
    })
    asked.end()
    return Effect.sync(() => asked.destroy())
  })

/** Asks the admin port, and waits until the server has reloaded. */
export const ask = (
  admin: Address,
  tokenFile: string | undefined
): Effect.Effect<void, UsageError | NoSuchServer | NotReloaded> =>
  Effect.gen(function*() {
    const token = tokenFile === undefined
      ? undefined
      : yield* Effect.mapError(tokenOf(tokenFile), (message) => new UsageError({ message }))
    const { body, status } = yield* Effect.mapError(
      post(admin, token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ({ message }) => new NoSuchServer({ message: `Nobody answers at ${format(admin)} (--admin): ${message}.` })
    )
    if (status !== 202) yield* new NotReloaded({ reason: reasonOf(body) })
  })
