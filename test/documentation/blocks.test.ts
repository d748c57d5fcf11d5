// Every example in the documentation of an export, and every block of TypeScript in a Markdown file, compiles; those
// that assert something are run. A block whose first line names a file of examples/ is an excerpt: it stands there, too.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { build } from "esbuild"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

interface Block {
  /** Such as `src/domain/Address.ts:25`. */
  readonly place: string
  readonly code: string
}

const filesIn = (folder: string, extension: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension)).map((name) => join(folder, name))

const blocksIn = (file: string): ReadonlyArray<Block> => {
  const isSource = file.endsWith(".ts")
  const text = readFileSync(file, "utf8")
  const fence = isSource ? /^ \* ```ts\n((?: \*.*\n)*?) \* ```$/gm : /^```ts\n([^]*?)^```$/gm
  return Array.from(text.matchAll(fence), (match) => ({
    place: `${relative(root, file)}:${text.slice(0, match.index).split("\n").length + 1}`,
    code: isSource ? match[1]!.replace(/^ \* ?/gm, "") : match[1]!.replaceAll(
      /(?<=from ")\.\.?\/[^"]+/g,
      (path) => resolve(dirname(file), path)
    )
  }))
}

const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"))
/** What users import, and where it is. */
const entryPoints: Record<string, string> = Object.fromEntries(
  Object.entries<ReadonlyArray<string>>(compilerOptions.paths).map(([name, [file]]) => [name, join(root, file!)])
)

const sources = filesIn(join(root, "src"), ".ts")
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")).map((name) => join(root, name)),
  // The reference is made of what is read here.
  ...filesIn(join(root, "docs"), ".md").filter((file) => !file.startsWith(join(root, "docs/api/")))
]
const all = [...sources, ...documents].flatMap(blocksIn)

const excerpt = /^\/\/ (examples\/\S+\.ts)\n/
const excerpts = all.filter(({ code }) => excerpt.test(code))
const blocks = all.filter(({ code }) => !excerpt.test(code))
const asserting = blocks.filter(({ code }) => code.includes("assert."))

const nameOf = ({ place }: Block): string => place.replace(/[^\w]/g, "_")

describe("the documentation's examples", () => {
  let folder: string

  beforeAll(() => {
    const place = join(root, "node_modules/.examples")
    mkdirSync(place, { recursive: true })
    folder = mkdtempSync(join(place, "blocks-"))
    for (const block of blocks) {
      const assert = block.code.includes("assert.") ? `import * as assert from "node:assert"\n` : ""
      writeFileSync(join(folder, `${nameOf(block)}.ts`), `${assert}${block.code}\nexport {}\n`)
    }
    const paths = Object.fromEntries(Object.entries(entryPoints).map(([name, file]) => [name, [file]]))
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, paths, noUnusedLocals: false, noUnusedParameters: false },
        include: ["*.ts"]
      })
    )
    writeFileSync(join(folder, "package.json"), `{ "type": "module" }`)
    mkdirSync(join(folder, "node_modules"))
    symlinkSync(root, join(folder, "node_modules/effect-switchboard"))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it("are found", () => {
    const inSources = blocks.filter(({ place }) => place.startsWith("src/"))
    const tags = sources.flatMap((file) => readFileSync(file, "utf8").match(/^ \* @example$/gm) ?? [])
    expect(inSources.length).toBeGreaterThanOrEqual(tags.length)
    expect(tags.length).toBeGreaterThan(10)
  })

  it.each(excerpts)("at $place stand in the file they are from", ({ code }) => {
    const file = excerpt.exec(code)![1]!
    expect(readFileSync(join(root, file), "utf8")).toContain(code.replace(excerpt, ""))
  })

  it("compile", () => {
    const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["--project", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8"
    })
    const places = new Map(blocks.map((block) => [`${nameOf(block)}.ts`, block.place]))
    expect(stdout.replace(/^\w+\.ts/gm, (name) => places.get(name) ?? name)).toBe("")
  })

  it("hold, where they assert something", async () => {
    const runner = join(folder, "all.ts")
    writeFileSync(runner, asserting.map((block) => `import "./${nameOf(block)}.js"`).join("\n"))
    await build({
      entryPoints: [runner],
      outfile: join(folder, "all.mjs"),
      bundle: true,
      packages: "external",
      alias: entryPoints,
      format: "esm",
      platform: "node",
      logLevel: "silent"
    })
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "all.mjs")], { encoding: "utf8" })
    expect(stderr).toBe("")
    expect(status).toBe(0)
  })
})
