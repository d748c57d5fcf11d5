// Ensure that docs/architecture.md speaks of what is there.
import { describe, expect, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const page = readFileSync(`${root}/docs/architecture.md`, "utf8")

/** The paths in the map: a name stands two columns to the right of the folder it is in. */
const mapped = (): ReadonlyArray<string> => {
  const [, map] = /^```\n(src\/\n[^]*?)^```$/m.exec(page)!
  const folders: Array<string> = []
  return map!.trimEnd().split("\n").map((line) => {
    const [, indent, name] = /^( *)(\S+)/.exec(line)!
    folders.splice(indent!.length / 2, folders.length, name!)
    return folders.join("")
  })
}

/** A paragraph or an item of a list, with the files that it links to and the names that it has of them. */
const passages = page.split(/\n\n|\n(?=\d+\. )/).map((text) => ({
  start: text.slice(0, 40),
  files: Array.from(text.matchAll(/\]\(\.\.\/([^)]+)\)/g), ([, path]) => path!),
  names: Array.from(text.matchAll(/`(\w+)`/g), ([, name]) => name!)
})).filter(({ files }) => files.length > 0)

const foldersIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(`${root}/${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}${name}/`)

describe("docs/architecture.md", () => {
  it("names no file or folder that is not there", () => {
    const named = Array.from(
      page.matchAll(/`((?:src|test|docs|bench|examples|scripts)\/[^`*]*)`/g),
      ([, path]) => path!
    )
    expect(named.length).toBeGreaterThan(0)
    const linked = passages.flatMap(({ files }) => files)
    expect(linked.length).toBeGreaterThan(20)
    expect([...mapped(), ...named, ...linked].filter((path) => !existsSync(`${root}/${path}`))).toEqual([])
  })

  it("names nothing that is not in a file it links to beside it", () => {
    const unknown = passages.flatMap(({ files, names, start }) => {
      const sources = files.map((file) => readFileSync(`${root}/${file}`, "utf8")).join("\n")
      return names.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources)).map((name) => `${start}… ${name}`)
    })
    expect(unknown).toEqual([])
  })

  it("has every room of src/ on its map, and every door", () => {
    const doors = readdirSync(`${root}/src`).filter((name) => name.endsWith(".ts")).map((name) => `src/${name}`)
    const rooms = ["src/", "src/programs/", "src/programs/command/"].flatMap(foldersIn)
    expect(mapped()).toEqual(expect.arrayContaining([...doors, ...rooms]))
  })
})
