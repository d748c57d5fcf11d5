import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

/** Whoever is no user of this machine, as a container's process may be, has none: then it is as good as the root. */
const home = (): string => {
  try {
    return homedir()
  } catch {
    return "/"
  }
}

/**
 * A folder of the XDG Base Directory Specification: what its variable says, or else its place below the home folder.
 * A variable that is empty or not absolute says nothing, by that specification.
 */
export const baseDirectory = (variable: string | undefined, ...place: ReadonlyArray<string>): string =>
  variable !== undefined && isAbsolute(variable) ? variable : join(home(), ...place)
