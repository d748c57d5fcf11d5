import { statSync } from "node:fs"

/** What tells whether files have changed; those that are not there, or are PEM and no path, never do. */
export const signature = (paths: ReadonlyArray<string>): string =>
  paths.map((path) => {
    if (path.includes("-----BEGIN ")) return ""
    const { ino, mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0, size: 0 }
    return `${ino} ${mtimeMs} ${size}`
  }).join()
