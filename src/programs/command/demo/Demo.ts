/** The command `demo`. */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ListenError } from "../../../domain/NetworkError.js"
import * as NodeConnector from "../../../services/NodeConnector.js"
import * as NodeSocketServer from "../../../services/NodeSocketServer.js"
import type { UsageError } from "../arguments/UsageError.js"
import * as Screen from "../console/Screen.js"
import type { ReportNotWritten } from "../report/reportFile.js"
import { reserve, write } from "../report/reportFile.js"
import type { PerformanceError } from "./Performance.js"
import { reportPage } from "./reportPage.js"
import { play } from "./Stage.js"

export interface Options {
  readonly speed: number
  readonly report: string | undefined
}

/** Shows the demo on stdout; then writes the report, if one is wanted. */
export const run = (
  { report, speed }: Options
): Effect.Effect<void, ListenError | PerformanceError | ReportNotWritten | UsageError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    if (report !== undefined) yield* reserve(report)
    const runs = yield* Effect.provide(
      play({ speed, socketServer: NodeSocketServer.layer() }),
      Layer.merge(NodeConnector.layer, Screen.layer)
    )
    if (report !== undefined) yield* write(report, reportPage(runs))
  })
