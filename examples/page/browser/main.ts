// The page's script: a client for each of its two parts, over the browser's own WebSocket.
import { Effect } from "effect"
import { BrowserConnector } from "effect-switchboard/browser"
import { calculator } from "./calculator.js"
import { chat } from "./chat.js"

Effect.runFork(
  Effect.all([calculator, chat], { concurrency: "unbounded", discard: true }).pipe(
    Effect.provide(BrowserConnector.layer())
  )
)
