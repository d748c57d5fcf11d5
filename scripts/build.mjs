// Builds dist/: the library as modules with their types, and the command as a bundle that starts fast.
import { build } from "esbuild"
import { spawnSync } from "node:child_process"
import { chmodSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { forBrowsers } from "./browser.mjs"
import { esbuildInline, inlined } from "./inline.mjs"
import { licences, packagesOf } from "./licences.mjs"
import { strip } from "./strip.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
rmSync("dist", { recursive: true, force: true })

const { status } = spawnSync("node_modules/.bin/tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" })
if (status !== 0) process.exit(status ?? 1)
strip("dist")

/** The names of characters are large, and the library's modules have them: its file is the command's, too. */
const characterNames = {
  name: "characterNames",
  setup(build) {
    build.onResolve({ filter: /\/characterNames\.data\.js$/ }, () => ({ path: "#characterNames", external: true }))
  }
}

/** What @effect/platform's HTTP server has for WebSockets and for uploads: the admin port takes neither. */
const unused = {
  name: "unused",
  setup(build) {
    build.onResolve({ filter: /^(ws|multipasta)(\/|$)/ }, () => ({ path: "unused", namespace: "unused" }))
    build.onLoad({ filter: /./, namespace: "unused" }, () => ({ contents: "module.exports = {}" }))
  }
}

const command = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minify: true,
  // All of them are in licences.txt.
  legalComments: "none",
  logLevel: "warning",
  plugins: [esbuildInline, characterNames, unused],
  banner: {
    js: [
      "#!/usr/bin/env node",
      // What was CommonJS asks for Node's own modules by `require`.
      `import { createRequire as requireFrom } from "node:module";const require = requireFrom(import.meta.url);`
    ].join("\n")
  }
}

// The worker evaluates in a process of its own, for the command and the library alike.
const { metafile } = await build({
  ...command,
  metafile: true,
  entryPoints: ["src/main.ts", "src/worker.ts"],
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  splitting: true
})
chmodSync("dist/main.js", 0o755)

// For pages, one file: its modules would ask for Node's Buffer.
const page = await build({
  ...forBrowsers,
  minify: true,
  legalComments: "none",
  metafile: true,
  entryPoints: ["src/browser.ts"],
  outfile: "dist/browser.js",
  allowOverwrite: true
})
const held = packagesOf([metafile, page.metafile, ...inlined])
writeFileSync("dist/licences.txt", licences(held))

// The man page is made by the command's own source, which is built for that and not kept.
const maker = "dist/ManPage.mjs"
await build({ ...command, entryPoints: ["src/programs/command/cli/ManPage.ts"], outfile: maker })
const { page: manPage } = await import(new URL(`../${maker}`, import.meta.url).href)
writeFileSync("dist/switchboard.1", manPage())
rmSync(maker)

// Says to scripts/ready.mjs when this was, and to the tests whose code is in it.
writeFileSync("dist/.built", JSON.stringify(held))
