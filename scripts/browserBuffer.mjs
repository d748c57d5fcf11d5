// In the place of node:buffer: npm's package of that name, and what it has not.
export { Buffer } from "buffer/index.js"

const utf8 = new TextDecoder("utf-8", { fatal: true })

export const isUtf8 = (bytes) => {
  try {
    utf8.decode(bytes)
    return true
  } catch {
    return false
  }
}
