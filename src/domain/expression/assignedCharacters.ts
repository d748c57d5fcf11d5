/**
 * What a character is depends on Unicode's version. Here it is 14, CPython 3.11's, whichever Node brings.
 */
import { packed } from "./assignedCharacters.data.js"

const hexadecimal = (code: number): string => `\\u{${code.toString(16)}}`

const gaps = (): string => {
  let ranges = ""
  let end = 0
  for (const run of packed.split(" ")) {
    const [gap = 0, more = 0] = run.split("+").map((digits) => Number.parseInt(digits, 36))
    if (gap > 0) ranges += `${hexadecimal(end)}-${hexadecimal(end + gap - 1)}`
    end += gap + more + 1
  }
  return `${ranges}${hexadecimal(end)}-\\u{10ffff}`
}

/** The code points that Unicode 14 has no character for, as ranges of a regular expression's class. */
export const unassigned = gaps()
