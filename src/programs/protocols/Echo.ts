/**
 * Echo: each message comes back as it went.
 *
 * @since 0.1.0
 * @module
 */
import * as Effect from "effect/Effect"
import { auto } from "../../domain/framing/Auto.js"
import type { TextProtocol } from "../../domain/Protocol.js"
import { requestReply } from "../../domain/Protocol.js"

/**
 * Each message is answered with itself.
 *
 * @since 0.1.0
 * @category protocols
 */
export const protocol: TextProtocol = requestReply({ name: "echo", framing: auto, reply: Effect.succeed })
