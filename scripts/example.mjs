// Runs one of the programs in examples/ against the sources: npm run example countdown
// A larger one is a folder with a main.ts: npm run example redis
import { build } from "esbuild"
import { existsSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { forBrowsers } from "./browser.mjs"
import { ofSources } from "./bundle.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const examples = readdirSync("examples")
  .filter((name) => name.endsWith(".ts") || existsSync(`examples/${name}/main.ts`))
  .map((name) => name.replace(/\.ts$/, ""))
const [name] = process.argv.slice(2)
if (!examples.includes(name)) {
  console.error(`Name one of the examples: ${examples.join(", ")}.`)
  process.exit(2)
}

const outfile = `node_modules/.examples/${name}.mjs`
await build({
  ...ofSources,
  entryPoints: [existsSync(`examples/${name}`) ? `examples/${name}/main.ts` : `examples/${name}.ts`],
  outfile
})
// One with a page has a script for it, in a file of its own beside the program.
if (existsSync(`examples/${name}/browser/main.ts`)) {
  await build({
    ...forBrowsers,
    external: [],
    alias: { ...forBrowsers.alias, "effect-switchboard/browser": "./src/browser.ts" },
    format: "iife",
    minify: true,
    entryPoints: [`examples/${name}/browser/main.ts`],
    outfile: `node_modules/.examples/${name}.js`
  })
}
// The program finds its own arguments where it would without this script.
process.argv.splice(2, 1)
await import(`../${outfile}`)
