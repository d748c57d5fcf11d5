// Bundles test/soak and runs it: npm run soak -- MINUTES
import { build } from "esbuild"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const outdir = "node_modules/.soak"
await build({
  entryPoints: ["test/soak/main.ts", "test/soak/Crowd.ts"],
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  alias: { "effect-switchboard": "./src/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning"
})
await import(`../${outdir}/main.mjs`)
