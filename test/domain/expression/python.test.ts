import { expect, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const python = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"])

it.skipIf(python.status !== 0)(
  "40,000 expressions, grown and changed at random, are answered as python3 answers them, but where the language differs on purpose",
  () => {
    // Of the built package: so `npm run fuzz` is tested, too.
    const { status, stdout } = spawnSync(
      process.execPath,
      ["scripts/fuzz/main.mjs", "--cases", "40000", "--seed", "20240607"],
      { cwd: root, encoding: "utf8" }
    )
    expect(stdout).toContain("40,000 expressions with seed 20240607: 0 classes of difference.")
    expect(status).toBe(0)
  },
  300_000
)
