// Builds dist/: the library as modules with their types, and the command as a bundle that starts fast.
import { build } from "esbuild"
import { spawnSync } from "node:child_process"
import { chmodSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { esbuildInline } from "./inline.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
rmSync("dist", { recursive: true, force: true })

const { status } = spawnSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" })
if (status !== 0) process.exit(status ?? 1)

await build({
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  logLevel: "warning",
  plugins: [esbuildInline],
  banner: {
    js: [
      "#!/usr/bin/env node",
      // What was CommonJS asks for Node's own modules by `require`.
      `import { createRequire as requireFrom } from "node:module";const require = requireFrom(import.meta.url);`
    ].join("\n")
  }
})
chmodSync("dist/main.js", 0o755)
