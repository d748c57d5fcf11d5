/** The command `demo`. */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import type { ListenError } from "../../../domain/NetworkError.js"
import * as NodeConnector from "../../../services/NodeConnector.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import * as Model from "../../server/Model.js"
import { namedModel } from "../arguments/namedModel.js"
import type { UsageError } from "../arguments/UsageError.js"
import { isForeground } from "../console/jobControl.js"
import { keys } from "../console/keys.js"
import * as Screen from "../console/Screen.js"
import { isDrawable } from "../console/terminal.js"
import type { ReportNotWritten } from "../report/reportFile.js"
import { reserve, write } from "../report/reportFile.js"
import type { PerformanceError } from "./Performance.js"
import { reportPage } from "./reportPage.js"
import type { Run } from "./Run.js"
import { play } from "./Stage.js"

export interface Options {
  /** Those to be shown, in that order; all, if there is none. */
  readonly models: ReadonlyArray<string>
  readonly speed: number
  readonly report: string | undefined
}

/** The keys of whoever watches, at a terminal that is drawn on, and that is theirs to type at. */
const pressed = Effect.suspend(() =>
  process.stdin.isTTY && isDrawable(process.stdout) && isForeground()
    ? keys(process.stdin)
    : Effect.succeed(undefined)
)

/** Shows the demo on stdout; then writes the report, if one is wanted. */
export const run = (
  { models, report, speed }: Options
): Effect.Effect<void, ListenError | PerformanceError | ReportNotWritten | UsageError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    const chosen = yield* Effect.forEach(
      Array.dedupe(models),
      (name) => Effect.as(namedModel(name), name as Run["model"])
    )
    if (report !== undefined) yield* reserve(report)
    const shown = Effect.flatMap(pressed, (keys) =>
      play({
        speed,
        models: chosen.length === 0 ? Record.keys(Model.all) : chosen,
        keys,
        socketServer: NodeSocketServer.layer()
      }))
    const runs = yield* Effect.provide(Effect.scoped(shown), Layer.merge(NodeConnector.layer, Screen.layer))
    if (report !== undefined) yield* write(report, reportPage(runs))
  })
