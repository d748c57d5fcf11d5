// Bundles test/soak and runs it: npm run soak -- MINUTES
import { build } from "esbuild"
import { fileURLToPath } from "node:url"
import { ofSources } from "./bundle.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const outdir = "node_modules/.soak"
await build({
  ...ofSources,
  entryPoints: ["test/soak/main.ts", "test/soak/Crowd.ts"],
  outdir,
  outExtension: { ".js": ".mjs" }
})
await import(`../${outdir}/main.mjs`)
