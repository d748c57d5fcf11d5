/**
 * Controls, which a terminal would obey, and whatever reorders, hides or cannot be seen: Unicode's format characters, line
 * separators and default ignorables, but not the variation selectors of emoji.
 */
const invisible = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** A joiner where it joins, as in a family of emoji: between characters outside ASCII. */
const joining = /(?<=[^\0-\u00ff])[\u200c\u200d](?=[^\0-\u00ff])/y

const isJoining = (text: string, at: number): boolean => {
  joining.lastIndex = at
  return joining.test(text)
}

/** Most text has nothing to escape. */
const isPlain = (text: string): boolean => !/[^ -~]/.test(text)

const escaped = (character: string): string => {
  const code = character.codePointAt(0)!.toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`
}

const escapedInJson = (character: string): string =>
  character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

/** Text of others on one line, for a terminal that is to show and not to obey it. */
export const printable = (text: string): string =>
  isPlain(text)
    ? text
    : text.replace(invisible, (character, at: number) => isJoining(text, at) ? character : escaped(character))

/** JSON, which itself escapes only some of these. Its value stays the same, so joiners are shown, too. */
export const printableJson = (json: string): string => isPlain(json) ? json : json.replace(invisible, escapedInJson)
