/** Tells UTF-8 (RFC 3629) from what is none at its first wrong byte, however the bytes are cut. */
export class Utf8 {
  /** Bytes that the character begun still needs, and what the next of them may be. */
  private needed = 0
  private least = 0x80
  private most = 0xbf

  /** Whether no character is begun. */
  get isWhole(): boolean {
    return this.needed === 0
  }

  /** Takes the bytes from `start` to `end`. Gives whether text may begin with all that was taken. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    let { least, most, needed } = this
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      if (needed > 0) {
        if (byte < least || byte > most) return false
        needed--
        least = 0x80
        most = 0xbf
      } else if (byte >= 0x80) {
        if (byte < 0xc2 || byte > 0xf4) return false
        // The second byte says whether a character is longer than it need be, half a pair, or past the last one.
        needed = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
        least = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
        most = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
      }
    }
    this.needed = needed
    this.least = least
    this.most = most
    return true
  }
}
