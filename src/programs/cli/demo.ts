import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import { option } from "./Setting.js"
import * as settings from "./settings.js"

const report = Options.text("report").pipe(
  Options.withPseudoName("FILE.html"),
  Options.withDescription("Writes what was seen as a page, too: one file that opens without a network."),
  Options.optional
)

export const demo = Command.make("demo", { speed: option(settings.speed), report }, (options) =>
  Effect.flatMap(
    Effect.promise(() => import("../demo/Demo.js")),
    ({ run }) => run(options)
  )).pipe(Command.withDescription("Shows what tells the models apart: five clients meet each of them."))
