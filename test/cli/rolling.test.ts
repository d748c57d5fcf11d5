// Ensure that a server behind a proxy may be restarted without a lost request, by the configurations in docs/.
import { describe, it } from "@effect/vitest"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../../bench/rolling.mjs", import.meta.url))

const has = {
  haproxy: spawnSync("haproxy", ["-v"]).error === undefined,
  nginx: spawnSync("nginx", ["-v"]).error === undefined && existsSync("/usr/lib/nginx/modules/ngx_stream_module.so")
}
if (!has.haproxy) console.warn("SKIPPED: restarts behind HAProxy (apt-get install haproxy).")
if (!has.nginx) console.warn("SKIPPED: restarts behind nginx (apt-get install nginx-light libnginx-mod-stream).")

describe("Two servers, restarted in turn under load,", () => {
  for (const proxy of ["haproxy", "nginx"] as const) {
    it.skipIf(!has[proxy])(
      `lose no request behind ${proxy} as docs/ configures it`,
      { concurrent: true },
      async ({ expect }) => {
        const child = spawn(process.execPath, [script, proxy, "1000", proxy === "haproxy" ? "2" : "1"], {
          stdio: ["ignore", "pipe", "inherit"]
        })
        let text = ""
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => text += chunk)
        await once(child, "close")
        expect(JSON.parse(text)).toEqual({
          proxy,
          restarted: proxy === "haproxy" ? 2 : 1,
          asked: expect.any(Number),
          lost: 0
        })
      }
    )
  }
})
