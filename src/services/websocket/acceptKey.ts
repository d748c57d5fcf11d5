import { createHash } from "node:crypto"
import { keySuffix } from "../../domain/websocket/Handshake.js"

/** What a server makes of a client's key, to show that it speaks WebSocket (RFC 6455, section 4.2.2). */
export const acceptKey = (key: string): string => createHash("sha1").update(key + keySuffix).digest("base64")
