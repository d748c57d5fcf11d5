/**
 * TCP servers for Effect: pick a protocol, pick a concurrency model, run it on real sockets or on a virtual network.
 *
 * @since 0.1.0
 * @module
 */
export * as Address from "./domain/Address.js"
export * as ClientProtocol from "./domain/ClientProtocol.js"
export * as Framing from "./domain/Framing.js"
export * as Limits from "./domain/Limits.js"
export * as NetworkError from "./domain/NetworkError.js"
export * as Protocol from "./domain/Protocol.js"
export * as ServerEvent from "./domain/ServerEvent.js"
export * as Session from "./domain/Session.js"
export * as Client from "./programs/client/Client.js"
export * as Calc from "./programs/protocols/Calc.js"
export * as Chars from "./programs/protocols/Chars.js"
export * as CharsClient from "./programs/protocols/CharsClient.js"
export * as Echo from "./programs/protocols/Echo.js"
export * as Reverse from "./programs/protocols/Reverse.js"
export * as ReverseClient from "./programs/protocols/ReverseClient.js"
export * as TextClient from "./programs/protocols/TextClient.js"
export * as Model from "./programs/server/Model.js"
export * as Server from "./programs/server/Server.js"
export * as Connection from "./services/Connection.js"
export * as Connector from "./services/Connector.js"
export * as Evaluator from "./services/Evaluator.js"
export * as Metrics from "./services/Metrics.js"
export * as NodeConnector from "./services/NodeConnector.js"
export * as NodeSocketServer from "./services/NodeSocketServer.js"
export * as Observer from "./services/Observer.js"
export * as SocketServer from "./services/SocketServer.js"
export * as Stopwatch from "./services/Stopwatch.js"
export * as WorkerEvaluator from "./services/WorkerEvaluator.js"
