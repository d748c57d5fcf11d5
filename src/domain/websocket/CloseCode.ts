import type { CloseReason } from "../ServerEvent.js"

/** The codes of RFC 6455, section 7.4.1, that an endpoint sends, and 1013 of IANA's registry. */
export const normal = 1000
export const goingAway = 1001
export const protocolError = 1002
export const invalidText = 1007
export const policyViolation = 1008
export const tooBig = 1009
export const internalError = 1011
export const tryAgainLater = 1013

/** Whether a peer may send the code: 1004 to 1006 and 1015 are never on the wire, the rest below 3000 is reserved. */
export const isValid = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999)

/** A peer's own words, fit to be shown on a terminal; undefined where it has none. */
export const wordsOf = (text: string): string | undefined =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").trim() || undefined

/** The code for why a server closes, and the words that go with it: none where the code says it all. */
export const ofReason = (reason: CloseReason | undefined): readonly [code: number, words: string] => {
  switch (reason) {
    case "Drained":
    case "Cut":
      return [goingAway, "the server stops"]
    case "FrameTooLong":
      return [tooBig, "the message is too long"]
    case "InvalidText":
      return [invalidText, "the text is not UTF-8"]
    case "InvalidFrame":
    case "InvalidMessage":
      return [policyViolation, "the message is not valid"]
    case "IdleTimeout":
      return [policyViolation, "nothing was said for too long"]
    case "RequestTimeout":
      return [policyViolation, "the message took too long"]
    case "WriteTimeout":
      return [policyViolation, "nothing was taken for too long"]
    case "MailboxFull":
      return [policyViolation, "too much waits to be taken"]
    case "Failed":
      return [internalError, "the server failed"]
    default:
      return [normal, ""]
  }
}
