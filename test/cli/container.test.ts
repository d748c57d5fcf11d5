// Ensure that docs/Containerfile makes an image that runs as docs/deploying.md says: not as root, on a file system that nobody
// can write to, and with a health check that needs no other program.
import { describe, expect, it } from "@effect/vitest"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline/promises"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const isRoot = process.getuid?.() === 0
const hasBuildah = spawnSync("buildah", ["--version"]).status === 0
const canMount = spawnSync("unshare", ["--mount", "true"]).status === 0
const isPossible = isRoot && hasBuildah && canMount
if (!isPossible) {
  console.warn("SKIPPED: the container (apt-get install buildah; as root, where namespaces may be made).")
}

interface Config {
  readonly User: string
  readonly Env: ReadonlyArray<string>
  readonly Entrypoint: ReadonlyArray<string>
  readonly Cmd: ReadonlyArray<string>
  readonly WorkingDir: string
  readonly StopSignal: string
  readonly Healthcheck: { readonly Test: ReadonlyArray<string> }
}

/** An image with Node alone, as it is on this machine, in the place of the one that would have to be fetched. */
const nodeImage = (buildah: (...words: ReadonlyArray<string>) => string): string => {
  const node = realpathSync(process.execPath)
  const libraries = execFileSync("ldd", [node], { encoding: "utf8" }).match(/\/\S+/g) ?? []
  const container = buildah("from", "scratch")
  const place = buildah("mount", container)
  for (
    const [file, to] of [[node, "/usr/local/bin/node"], ...libraries.map((library) => [library, library])] as const
  ) {
    mkdirSync(join(place, dirname(to)), { recursive: true })
    copyFileSync(realpathSync(file), join(place, to))
  }
  buildah("config", "--env", "PATH=/usr/local/bin", container)
  buildah("commit", "--quiet", "--rm", container, "localhost/node")
  return "localhost/node"
}

/** What a container's process is: in its root, which cannot be written to, and as its user. */
const contained = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" &&
  exec unshare --root="$1" --wd="$2" --setuid="\${3%:*}" --setgid="\${3#*:}" -- "\${@:4}"`

describe.skipIf(!isPossible)("The container", () => {
  it("runs as nobody in particular, writes nothing, is found healthy by itself, and drains at SIGTERM", async () => {
    const folder = mkdtempSync(join(tmpdir(), "switchboard-"))
    const storage = ["--root", join(folder, "root"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"]
    const buildah = (...words: ReadonlyArray<string>): string =>
      execFileSync("buildah", [...storage, ...words], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"]
      })
        .trim()
    try {
      const words = ["--format", "docker", "--isolation", "chroot", "--build-arg", `NODE=${nodeImage(buildah)}`]
      buildah("build", "--quiet", ...words, "--file", "docs/Containerfile", "--tag", "switchboard", ".")
      const { Docker: { config } } = JSON.parse(buildah("inspect", "--type", "image", "switchboard")) as {
        readonly Docker: { readonly config: Config }
      }
      const { Cmd, Entrypoint, Env, Healthcheck: { Test: [form, ...health] }, StopSignal, User, WorkingDir } = config
      // By number, and not root's.
      expect(User).toMatch(/^[1-9]\d*:[1-9]\d*$/)
      // No shell stands between.
      expect([Entrypoint[0], form, StopSignal]).toEqual(["node", "CMD", "SIGTERM"])

      const container = buildah("from", "switchboard")
      const place = buildah("mount", container)
      const given = Object.fromEntries(Env.map((text) => text.split(/=(.*)/s, 2) as [string, string]))
      const run = (command: ReadonlyArray<string>, env: Readonly<Record<string, string>>) =>
        spawn("unshare", ["--mount", "bash", "-c", contained, "bash", place, WorkingDir, User, ...command], {
          env: { ...given, ...env, PATH: `${given["PATH"]}:${process.env["PATH"]}` },
          stdio: ["ignore", "pipe", "inherit"]
        })
      const ask = async (command: ReadonlyArray<string>, env: Readonly<Record<string, string>>) => {
        const child = run(command, env)
        let text = ""
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => text += chunk)
        const [code] = (await once(child, "close")) as [number]
        return { code, text }
      }

      const writes = `try { fs.writeFileSync("/x", "") } catch ({ code }) { console.log(code, process.getuid()) }`
      expect(await ask(["node", "-e", writes], {})).toEqual({ code: 0, text: "EROFS 1000\n" })

      const server = run([...Entrypoint, ...Cmd], { SWITCHBOARD_PORT: "0", SWITCHBOARD_LOG_LEVEL: "none" })
      const { value: listening } = await createInterface(server.stdout)[Symbol.asyncIterator]().next()
      const port = /^listening on tcp:\/\/0\.0\.0\.0:(\d+) /.exec(listening)![1]!
      expect(await ask(health, { SWITCHBOARD_PORT: port })).toEqual({ code: 0, text: "1\n" })
      server.kill(StopSignal as NodeJS.Signals)
      expect(await once(server, "exit")).toEqual([0, null])
      expect((await ask(health, { SWITCHBOARD_PORT: port })).code).not.toBe(0)
    } finally {
      spawnSync("buildah", [...storage, "umount", "--all"])
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})
