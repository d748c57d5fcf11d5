/**
 * What is said on a connection: a state machine over messages and events, written once, that knows nothing of sockets,
 * fibers or models. Whoever would rather write from top to bottom writes a `conversation`, or a `handler`.
 *
 * @since 0.1.0
 * @module
 */
export { annotateLogs, type Annotations, tagMetrics, withSpan } from "./protocol/Annotate.js"
export { before } from "./protocol/Before.js"
export { catchAll } from "./protocol/CatchAll.js"
export { handler, type Peer } from "./protocol/Handler.js"
export { limitRequests } from "./protocol/LimitRequests.js"
export * from "./protocol/Machine.js"
export { map, type Messages } from "./protocol/MapMessages.js"
export { provide } from "./protocol/Provide.js"
export { type Rate, rateLimit } from "./protocol/RateLimit.js"
export {
  conversation,
  Hear,
  type Heard,
  HearMessage,
  type Instruction,
  type Run,
  type Say,
  type ScriptContext,
  type ScriptFailure,
  type Talk
} from "./protocol/Script.js"
export { timeout, TurnTimeout } from "./protocol/Timeout.js"
