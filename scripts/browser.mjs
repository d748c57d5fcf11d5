// How src/browser.ts is made one file for pages: what it needs of Node's Buffer is npm's, and Effect is the page's own.
import { fileURLToPath } from "node:url"

const buffer = fileURLToPath(new URL("browserBuffer.mjs", import.meta.url))

export const forBrowsers = {
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  external: ["effect", "effect/*"],
  alias: { "node:buffer": buffer },
  inject: [buffer],
  logLevel: "warning"
}
