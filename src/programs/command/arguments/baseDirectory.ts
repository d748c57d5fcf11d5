import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

/**
 * A folder of the XDG Base Directory Specification: what its variable says, or else its place below the home folder.
 * A variable that is empty or not absolute says nothing, by that specification.
 */
export const baseDirectory = (variable: string | undefined, ...place: ReadonlyArray<string>): string =>
  variable !== undefined && isAbsolute(variable) ? variable : join(homedir(), ...place)
