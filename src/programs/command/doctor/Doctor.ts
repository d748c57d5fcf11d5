/** The command `doctor`. */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import pc from "picocolors"
import { namedModel } from "../arguments/namedModel.js"
import { namedProtocol } from "../arguments/namedProtocol.js"
import { Sources } from "../arguments/Setting.js"
import { columnsOf } from "../console/terminal.js"
import type { Place } from "../serve/places.js"
import { places } from "../serve/places.js"
import type { Options } from "../serve/Serve.js"
import { framed } from "../serve/Serve.js"
import * as admin from "./admin.js"
import * as certificates from "./certificates.js"
import type { Finding } from "./Finding.js"
import { fine, json, note, text, Unwell, wrong, wrongs } from "./Finding.js"
import * as machine from "./machine.js"
import * as listening from "./places.js"
import * as settings from "./settings.js"

/** What stands for no model, where nobody has chosen one. */
const none = "none"

/** Whether there are such a model and such a protocol, and go together with the framing. */
const named = (model: string, protocol: string, options: Options): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function*() {
    if (model !== none) yield* namedModel(model)
    const { name } = yield* Effect.flatMap(
      namedProtocol(protocol, options.terse.value),
      (protocol) => framed(protocol, options.framing)
    )
    return model === none
      ? [
        note("model", "serve needs a model, and none is chosen.", "Choose once, iterative, single, threaded or select.")
      ]
      : [fine("model", `${name}, under ${model}.`)]
  }).pipe(Effect.catchAll(({ message }) => Effect.succeed([wrong("model", message)])))

/** All that there is to say of a server that would be started so. */
export const examine = (
  model: string,
  protocol: string,
  options: Options
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function*() {
    const { environment, known } = yield* Sources
    const here = machine.here()
    const now = yield* Clock.currentTimeMillis
    const asked = yield* Effect.either(places(options))
    const there: ReadonlyArray<Place> = Either.getOrElse(asked, () => [])
    const { addresses, capacity, findings } = yield* listening.attempt(there)
    return [
      machine.node(here),
      ...(yield* named(model, protocol, options)),
      ...Either.match(asked, { onLeft: ({ message }) => [wrong("place", message)], onRight: () => findings }),
      ...(yield* admin.look(options)),
      ...(capacity === undefined ? [] : [machine.descriptors(here, capacity, options.maxConnections)]),
      machine.waiting(here),
      ...(yield* certificates.look(options, there, now)),
      ...settings.strangers(environment, known()),
      ...settings.look(model, protocol, options, there, addresses)
    ]
  })

/** Prints it; fails where something is wrong. */
export const run = (
  model: string,
  protocol: string,
  options: Options,
  isJson: boolean
): Effect.Effect<void, Unwell> =>
  Effect.gen(function*() {
    const findings = yield* examine(model, protocol, options)
    const colours = pc.createColors(process.stdout.isTTY && process.stdout.hasColors())
    yield* Console.log(isJson ? json(findings) : text(findings, columnsOf(process.stdout), colours))
    const wrong = wrongs(findings)
    if (wrong > 0) yield* new Unwell({ wrong })
  })
