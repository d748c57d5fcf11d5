// Makes a checkout ready to run: installs what is missing and builds what is stale. What is still good is left alone.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
process.chdir(root)

const run = (command, ...args) => {
  // Everything goes to stderr: stdout belongs to the program that is started afterwards.
  const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}

const installed = "node_modules/.installed"
const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex")
if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
  // Not `npm ci`, which works too, but throws away what is installed and still good.
  run("npm", "install", "--no-save")
  writeFileSync(installed, lock)
}

const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(...readdirSync(path).map((name) => newest(`${path}/${name}`)))
    : statSync(path).mtimeMs

const sources = ["src", "scripts", "package.json", "tsconfig.json", "tsconfig.build.json", installed]
const built = "dist/.built"
const isStale = () => !existsSync(built) || Math.max(...sources.map(newest)) > statSync(built).mtimeMs
if (isStale()) run(process.execPath, "scripts/build.mjs")
