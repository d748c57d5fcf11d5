/**
 * What is said on a connection: a state machine over messages and events, written once, that knows nothing of sockets,
 * fibers or models. Whoever would rather write from top to bottom writes a `conversation`, or a `handler`.
 *
 * @since 0.1.0
 * @module
 */
export { handler, type Peer } from "./protocol/Handler.js"
export * from "./protocol/Machine.js"
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
