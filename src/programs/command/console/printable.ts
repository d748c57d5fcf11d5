/** Controls, which a terminal would obey, and marks that reorder or hide what stands beside them. */
const invisible = /[\0-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu

const escaped = (character: string): string => {
  const code = character.codePointAt(0)!.toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`
}

/** Text of others on one line, for a terminal that is to show and not to obey it. */
export const printable = (text: string): string => text.replace(invisible, escaped)
