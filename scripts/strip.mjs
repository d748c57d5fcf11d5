// What the library's modules need not have in a package: comments, which their types have, white space, and types that no
// public one names.
import { transformSync } from "esbuild"
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** The types that a file of types imports. */
const imported = (file) =>
  Array.from(
    readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?"(\.[^"]+)\.js"/g),
    ([, path]) => join(dirname(file), `${path}.d.ts`)
  )

const reached = (files) => {
  const found = new Set(files)
  for (const file of found) for (const next of imported(file)) if (existsSync(next)) found.add(next)
  return found
}

export const strip = (folder) => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const { code } = transformSync(readFileSync(file, "utf8"), {
      target: "node20",
      legalComments: "none",
      // Names and lines stay, for stack traces.
      minifyWhitespace: true,
      ...file.endsWith(".data.js") ? {} : { lineLimit: 100 }
    })
    writeFileSync(file, code)
  }
  const types = reached(
    ["index", "browser", "mathjs", "platform", "cluster", "testing"].map((name) => join(folder, `${name}.d.ts`))
  )
  for (const file of files) if (file.endsWith(".d.ts") && !types.has(file)) rmSync(file)
}
