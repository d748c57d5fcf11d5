import { defineConfig } from "vitest/config"
import { viteInline } from "./scripts/inline.mjs"

/** Tests that start no process, and change nothing of the one that they are in. */
const pure = ["test/domain/**/*.test.ts", "test/programs/**/!(History).test.ts"]

export default defineConfig({
  plugins: [viteInline],
  test: {
    testTimeout: 30_000,
    // As Node imports a CommonJS module, and so does the bundle.
    deps: { interopDefault: false },
    projects: [
      {
        extends: true,
        test: { name: "pure", include: pure, pool: "threads" }
      },
      {
        extends: true,
        test: { name: "real", include: ["test/**/*.test.ts"], exclude: pure, pool: "forks" }
      }
    ],
    poolOptions: {
      // What touches nothing outside itself shares a thread, and loads the sources but once.
      threads: { isolate: false, maxThreads: 1, minThreads: 1 },
      forks: { maxForks: 3, minForks: 1 }
    }
  },
  resolve: {
    alias: {
      "effect-switchboard/browser": new URL("./src/browser.ts", import.meta.url).pathname,
      "effect-switchboard/cluster": new URL("./src/cluster.ts", import.meta.url).pathname,
      "effect-switchboard/mathjs": new URL("./src/mathjs.ts", import.meta.url).pathname,
      "effect-switchboard/platform": new URL("./src/platform.ts", import.meta.url).pathname,
      "effect-switchboard/testing": new URL("./src/testing.ts", import.meta.url).pathname,
      "effect-switchboard": new URL("./src/index.ts", import.meta.url).pathname
    }
  }
})
