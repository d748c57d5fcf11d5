/**
 * The client's side for a page: `Client`, its protocols and framings, over the browser's own WebSocket. It is one file without
 * anything of Node's; `effect` is the page's own.
 *
 * @since 0.2.0
 * @module
 */
export * as Address from "./domain/Address.js"
export * as ClientEvent from "./domain/ClientEvent.js"
export * as ClientProtocol from "./domain/ClientProtocol.js"
export * as Framing from "./domain/Framing.js"
export * as NetworkError from "./domain/NetworkError.js"
export * as Client from "./programs/client/Client.js"
export * as CharsClient from "./programs/protocols/CharsClient.js"
export * as ReverseClient from "./programs/protocols/ReverseClient.js"
export * as TextClient from "./programs/protocols/TextClient.js"
export * as BrowserConnector from "./services/BrowserConnector.js"
export * as Connection from "./services/Connection.js"
export * as Connector from "./services/Connector.js"
