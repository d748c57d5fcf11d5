import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as argument from "../arguments/argument.js"
import { option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import * as Value from "../arguments/Value.js"
import { describe } from "./Manual.js"

const speed = settings.value(
  "speed",
  "1 is over in ten seconds; 0.5 takes twice as long.",
  "FACTOR",
  "1",
  Value.decimal(0.1, 10)
)

const report = Options.text("report").pipe(
  Options.withPseudoName("FILE.html"),
  Options.optional,
  Options.map(Option.getOrUndefined),
  Options.withDescription("Write what was seen as a page, too, which opens in any browser.")
)

const models = argument.text("MODEL").pipe(
  Args.repeated,
  Args.withDescription("Those to be shown, of once, iterative, single, threaded and select. Without any, all are.")
)

export const demo = Command.make(
  "demo",
  { models, speed: option(speed), report },
  (options) =>
    Effect.interruptible(Effect.flatMap(
      Effect.promise(() => import("../demo/Demo.js")),
      ({ run }) => run(options)
    ))
).pipe(Command.withDescription(describe(
  "Shows what tells the models apart: each in turn meets the same five clients, and is drawn while it does. Space pauses.",
  [
    ["switchboard demo threaded select", "Only these two."],
    ["switchboard demo --speed 0.25", "Slowly, for a class."],
    ["switchboard demo --report models.html", "As a page, too."],
    ["switchboard demo > models.txt", "The final pictures alone, as text."]
  ]
)))
