import { dirname, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** The code of this command, which the author of a module is not to look into. */
const own = dirname(resolve(process.argv[1] ?? "."))

/** A file and a line, as short as they can be written: `shout.mjs:3`. */
export const show = (path: string, line: string): string => {
  const near = relative("", path)
  return `${near.startsWith("..") ? path : near}:${line}`
}

/** Where an error was made, in the code of whoever uses this; undefined where that had no part in it. */
export const of = (error: unknown): string | undefined => {
  const stack = error instanceof Error ? error.stack ?? "" : ""
  return Array.from(
    stack.matchAll(/\b(file:\/\/\/[^\s)]*?):(\d+)(?::\d+)?(?=[\s)]|$)/g),
    ([, url, line]) => [fileURLToPath(url!), line!] as const
  ).flatMap(([path, line]) =>
    path.includes("/node_modules/") || path.startsWith(`${own}/`) ? [] : [show(path, line)]
  )[0]
}
