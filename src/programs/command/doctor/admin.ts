/** The admin port: the doctor takes it, as the server would, and lets go. */
import * as Effect from "effect/Effect"
import type { Options } from "../serve/administered.js"
import { placeOf, port } from "../serve/administered.js"
import { isOurs } from "../serve/exposure.js"
import type { Finding } from "./Finding.js"
import { fine, note, wrong } from "./Finding.js"

const about = "admin"

export const look = (options: Options): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.scoped(port(options)).pipe(
    Effect.map((server) => {
      if (server === undefined) return []
      const place = placeOf(server)
      return isOurs(server.address)
        ? [fine(about, `${place} can be had.`)]
        : [
          note(
            about,
            `Whoever reaches ${place} sees who the clients are.`,
            "Keep it on loopback, or on a network of your own."
          )
        ]
    }),
    Effect.catchAll(({ message }) => Effect.succeed([wrong(about, message)]))
  )
