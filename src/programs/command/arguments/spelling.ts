import { levensteinDistance } from "@effect/cli/AutoCorrect"
import { defaultConfig } from "@effect/cli/CliConfig"

/** The known word that was most likely meant, if one is near. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  let best: string | undefined = undefined
  let least = Math.max(2, Math.floor(word.length / 2))
  for (const candidate of known) {
    const distance = candidate.startsWith(word) ? 0 : levensteinDistance(word, candidate, defaultConfig)
    if (distance > least || (distance === least && best !== undefined)) continue
    best = candidate
    least = distance
  }
  return best
}

/** Ends a sentence about an unknown word: with the word that was meant, or else with all there are. */
export const suggest = (word: string, known: ReadonlyArray<string>): string => {
  const meant = nearest(word, known)
  return meant === undefined ? `choose one of ${known.join(", ")}.` : `did you mean ${meant}?`
}
