/** What the live page is told, as server-sent events: how much that is, and how often, no number of clients changes. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import packageJson from "../../../../../package.json" with { type: "json" }
import { Administration } from "../Administration.js"
import { event } from "../events.js"
import type { Access } from "../Guard.js"
import * as limitsText from "../limitsText.js"
import { Followed } from "./Followed.js"
import type { Frame, Terms } from "./Frame.js"
import { read } from "./Frame.js"

/** A frame is a sign of life, too. */
const pace = "1 second"

const changesOf = ({ isPrivate, tokenFile }: Access): Terms["changes"] =>
  isPrivate ? "free" : tokenFile === undefined ? "none" : "token"

/**
 * - `terms`: first, what the page may do.
 * - `frame`: each second, how the server is. Who is slow to take them gets fewer.
 */
export const stream = (access: Access): Effect.Effect<Stream.Stream<Uint8Array>, never, Administration> =>
  Effect.map(Administration, (administration) => {
    const { canReload, health, level, limits, metrics, showsMessages } = administration
    const terms: Terms = { version: packageJson.version, showsMessages, canReload, changes: changesOf(access) }
    const frames = Stream.unwrapScoped(Effect.gen(function*() {
      const followed = new Followed(administration)
      yield* Effect.forkScoped(
        Stream.runForEach(administration.happenings, (happening) => Effect.sync(() => followed.hear(happening)))
      )
      const frame = Effect.map(
        Effect.all([health, limits, level, metrics, followed.next]),
        ([health, limits, level, families, clients]): Frame => ({
          at: Date.now(),
          health,
          limits: limitsText.write(limits),
          level,
          ...read(families),
          clients
        })
      )
      return Stream.repeatEffectWithSchedule(frame, Schedule.fixed(pace))
    }))
    return Stream.succeed(event("terms", terms)).pipe(
      Stream.concat(Stream.map(frames, (frame) => event("frame", frame))),
      Stream.encodeText
    )
  })
