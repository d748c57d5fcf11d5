/** Why a connection ended, or was not taken, in a few words. */
import type { endShapes } from "../../report/endShapes.js"

const reasons: Readonly<Record<string, readonly [kind: keyof typeof endShapes, words: string]>> = {
  PeerClosed: ["done", "left"],
  ServerClosed: ["closed", "server closed"],
  ServerReset: ["closed", "server cut it"],
  Drained: ["closed", "server stops"],
  IdleTimeout: ["closed", "silent too long"],
  Cut: ["refused", "cut by the drain"],
  ConnectionReset: ["refused", "reset"],
  RequestTimeout: ["refused", "request too slow"],
  WriteTimeout: ["refused", "took no replies"],
  MailboxFull: ["refused", "too slow to be told"],
  Failed: ["refused", "protocol failed"],
  FrameTooLong: ["refused", "message too long"],
  InvalidFrame: ["refused", "invalid frame"],
  InvalidText: ["refused", "invalid text"],
  InvalidMessage: ["refused", "invalid message"],
  AtLimit: ["refused", "refused: no room"],
  Denied: ["refused", "refused: denied"],
  PerAddress: ["refused", "refused: address has enough"],
  TooOften: ["refused", "refused: too often"],
  NoDescriptors: ["refused", "refused: no descriptors"],
  HandshakeFailed: ["refused", "handshake failed"],
  UpgradeDeclined: ["refused", "upgrade declined"],
  ProxyFault: ["refused", "proxy fault"]
}

export const kindOf = (reason: string): keyof typeof endShapes => reasons[reason]?.[0] ?? "closed"

export const wordsOf = (reason: string): string => reasons[reason]?.[1] ?? (reason === "" ? "gone" : reason)
