/** What is wrong with a module, and where: the file and the line. */
import { spawnSync } from "node:child_process"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"

const shown = (path: string, line: string): string => `${relative("", path)}:${line}`

/** The first place that Node names, such as `file:///home/me/shout.mjs:3:7`. */
const placeIn = (stack: string): string | undefined => {
  const [, url, line] = /(file:\/\/\/[^\s)]*?):(\d+)(?::\d+)?(?=[\s)]|$)/.exec(stack) ?? []
  return url === undefined || line === undefined ? undefined : shown(fileURLToPath(url), line)
}

/** Of a syntax error Node tells an importer no place; asked for the file alone, it begins with `path:line`. */
const checked = (path: string): string | undefined => {
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 5000 })
  const [, line] = /^.*:(\d+)$/m.exec(stderr) ?? []
  return line === undefined ? undefined : shown(path, line)
}

const missing = /^Cannot find package '([^']+)'/

/** How a sentence ends that began with the module, and what it did. */
export const faultOf = (cause: unknown, path?: string): string => {
  if (!(cause instanceof Error)) return String(cause)
  const [, name] = missing.exec(cause.message) ?? []
  if (name !== undefined) return `it needs the package ${name}: install it beside the module, by npm install ${name}`
  const isUnplaced = cause instanceof SyntaxError && path !== undefined
  const at = placeIn(cause.stack ?? "") ?? (isUnplaced ? checked(path) : undefined)
  const what = `${cause.name}: ${cause.message.split("\n")[0]}`
  return at === undefined ? what : `${what} (${at})`
}
