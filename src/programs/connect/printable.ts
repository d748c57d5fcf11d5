/** Controls, which a terminal would obey, and marks that reorder or hide what stands beside them. */
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A reply on one line. */
export const oneLine = (text: string): string => text.replaceAll("\n", "\\n")

/** A reply on one line, for a terminal, which is to show and not to obey it. */
export const printable = (text: string): string =>
  oneLine(text).replace(controls, (control) => {
    const code = control.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`
  })
