/**
 * Kinds of characters, by their UTF-16 units.
 */
import { unassigned } from "./assignedCharacters.js"

export const isDigit = (code: number): boolean => code >= 48 && code <= 57

export const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || isDigit(code) || (code >= 65 && code <= 90) || code === 95

/** Of a name, until it is looked at more closely. */
export const isWord = (code: number): boolean => isAsciiWord(code) || code >= 128

const visible = new RegExp(`^[^\\p{Z}\\p{C}${unassigned}]$`, "u")

export const isPrintable = (character: string): boolean => visible.test(character)
