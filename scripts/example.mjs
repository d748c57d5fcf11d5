// Runs one of the programs in examples/ against the sources: npm run example countdown
import { build } from "esbuild"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const examples = readdirSync("examples").filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -3))
const [name] = process.argv.slice(2)
if (!examples.includes(name)) {
  console.error(`Name one of the examples: ${examples.join(", ")}.`)
  process.exit(2)
}

const outfile = `node_modules/.examples/${name}.mjs`
await build({
  entryPoints: [`examples/${name}.ts`],
  outfile,
  bundle: true,
  packages: "external",
  alias: { "effect-switchboard": "./src/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning"
})
await import(`../${outfile}`)
