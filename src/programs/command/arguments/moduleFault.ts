/** What is wrong with a module, and where: the file and the line. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, resolve } from "node:path"
import * as place from "./place.js"

/** Of a syntax error Node tells an importer no place; asked for the file alone, it begins with `path:line`. */
const checked = (path: string): string | undefined => {
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 5000 })
  const [, line] = /^.*:(\d+)$/m.exec(stderr) ?? []
  return line === undefined ? undefined : place.show(path, line)
}

const missing = /^Cannot find package '((?:@[^/']+\/)?[^/']+)/

/** The folder of the package that this command is of, if it is still in it. */
const ownPackage = (): string => {
  const folder = resolve(dirname(process.argv[1] ?? "."), "..")
  return existsSync(resolve(folder, "package.json")) ? folder : "effect-switchboard"
}

/** What to ask npm for: later versions of Effect, and of what belongs to it, are another library. */
const source = (name: string): string => {
  if (name === "effect") return "effect@3"
  if (name.startsWith("@effect/")) return `${name}@0`
  return name === "effect-switchboard" ? ownPackage() : name
}

/** How a sentence ends that began with the module, and what it did. */
export const faultOf = (cause: unknown, path?: string): string => {
  if (!(cause instanceof Error)) return String(cause)
  const [, name] = missing.exec(cause.message) ?? []
  if (name !== undefined) {
    return `it needs the package ${name}: install it beside the module, by npm install ${source(name)}`
  }
  if ((cause as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "it is not JavaScript, which is what this version of Node runs: give the .js that is made of it"
  }
  const isUnplaced = cause instanceof SyntaxError && path !== undefined
  const at = place.of(cause) ?? (isUnplaced ? checked(path) : undefined)
  const what = `${cause.name}: ${cause.message.split("\n")[0]}`
  return at === undefined ? what : `${what} (${at})`
}
