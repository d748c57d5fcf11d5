import { defineConfig } from "vitest/config"
import { viteInline } from "./scripts/inline.mjs"

export default defineConfig({
  plugins: [viteInline],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // As Node imports a CommonJS module, and so does the bundle.
    deps: { interopDefault: false },
    // Every core: tests own their time and ports, so that they may run beside one another.
    maxWorkers: "100%"
  },
  resolve: {
    alias: {
      "effect-switchboard/browser": new URL("./src/browser.ts", import.meta.url).pathname,
      "effect-switchboard/mathjs": new URL("./src/mathjs.ts", import.meta.url).pathname,
      "effect-switchboard/platform": new URL("./src/platform.ts", import.meta.url).pathname,
      "effect-switchboard/testing": new URL("./src/testing.ts", import.meta.url).pathname,
      "effect-switchboard": new URL("./src/index.ts", import.meta.url).pathname
    }
  }
})
