import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Cli from "./programs/command/cli/Cli.js"
import * as ExitCode from "./programs/command/cli/ExitCode.js"
import * as Signals from "./programs/command/cli/Signals.js"
import * as Unwritable from "./programs/command/cli/Unwritable.js"

Unwritable.watch()

Signals.runMain(
  Cli.run(process.argv, process.env).pipe(
    Effect.provide(Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, NodeTerminal.layer))
  ),
  ExitCode.ofExit
)
