const escapes: Readonly<Record<number, string>> = { 0x09: "\\t", 0x0a: "\\n", 0x0d: "\\r", 0x5c: "\\\\" }

/** Bytes as Python writes them: `b'td3kk'`. */
export const repr = (bytes: Uint8Array): string => {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? 0x22 : 0x27
  let text = ""
  for (const byte of bytes) {
    if (byte === quote) text += `\\${String.fromCharCode(byte)}`
    else if (byte in escapes) text += escapes[byte]
    else if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).padStart(2, "0")}`
    else text += String.fromCharCode(byte)
  }
  const mark = String.fromCharCode(quote)
  return `b${mark}${text}${mark}`
}
