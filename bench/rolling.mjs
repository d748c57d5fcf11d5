// Restarts two servers behind a proxy in turn, while clients connect, ask and leave; prints how many of them got no answer.
//   rolling.mjs haproxy|nginx [REQUESTS [RESTARTS]]
// The proxy's configuration is the one in docs/, at other ports.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))

const [proxy = "haproxy", requests = "20000", restarts = "10"] = process.argv.slice(2)
const clients = 20

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address()
  server.close()
  await once(server, "close")
  return port
}

/** Waits until a stream has said that. */
const said = (stream, pattern) =>
  new Promise((resolve) => {
    let text = ""
    const look = (chunk) => {
      text = (text + chunk).slice(-4096)
      if (!pattern.test(text)) return
      stream.off("data", look)
      resolve()
    }
    stream.setEncoding("utf8").on("data", look)
  })

const folder = mkdtempSync(join(tmpdir(), "switchboard-"))
const front = await freePort()
const places = [
  { port: await freePort(), admin: await freePort() },
  { port: await freePort(), admin: await freePort() }
]

/** Starts one; it is `found` when the proxy has brought it a client, whatever else looks whether it is there. */
const serve = async ({ admin, port }) => {
  const words = [
    "--port",
    port,
    "--proxy-protocol",
    "127.0.0.1",
    "--admin",
    `127.0.0.1:${admin}`,
    "--drain-delay",
    "1500ms"
  ]
  const child = spawn(process.execPath, ["dist/main.js", "serve", "threaded", "calc", ...words.map(String)], {
    stdio: ["ignore", "pipe", "pipe"]
  })
  const found = said(child.stderr, /\(1 request in /)
  await said(child.stdout, /listening/)
  return { child, found }
}

/** How each is started, and how it is told that one of the servers, or none, is to be left alone. */
const proxies = {
  haproxy: {
    delay: "1s",
    start: () => {
      const [one, two] = places
      return ["haproxy", ["-f", "docs/haproxy.cfg"], {
        SWITCHBOARD_BIND: `127.0.0.1:${front}`,
        SWITCHBOARD_ONE: `127.0.0.1:${one.port}`,
        SWITCHBOARD_TWO: `127.0.0.1:${two.port}`,
        SWITCHBOARD_ADMIN_ONE: one.admin,
        SWITCHBOARD_ADMIN_TWO: two.admin
      }]
    },
    // It asks them itself.
    leave: async () => {}
  },
  nginx: {
    delay: "0s",
    start: () => {
      configure(undefined)
      return ["nginx", ["-e", "stderr", "-c", configuration, "-g", "daemon off;"], {}]
    },
    leave: async (index) => {
      configure(index)
      const changed = said(balancer.stderr, /start worker process \d+/)
      balancer.kill("SIGHUP")
      await changed
    }
  }
}

const configuration = join(folder, "nginx.conf")

/** The file in docs/, at other ports. */
const configure = (left) => {
  const replaced = {
    1234: front,
    5001: places[0].port,
    5002: places[1].port,
    "/run/nginx-switchboard.pid": join(folder, "pid")
  }
  let text = readFileSync("docs/nginx.conf", "utf8").replaceAll(/^#.*$/gm, "")
  if (left !== undefined) text = text.replace(`127.0.0.1:500${left + 1} `, "$&down ")
  for (const [before, after] of Object.entries(replaced)) {
    text = text.replaceAll(new RegExp(`(?<=[\\s:])${before}\\b`, "g"), after)
  }
  writeFileSync(configuration, text)
}

/** Connects, asks and leaves: whether the answer came, and was right. */
const ask = (n) =>
  new Promise((resolve) => {
    const socket = connect(front, "127.0.0.1").setEncoding("utf8")
    let reply = ""
    socket.on("connect", () => socket.write(`${n} + 1\n`))
    socket.on("data", (text) => {
      reply += text
      if (reply.endsWith("\n")) socket.destroy()
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(reply === `${n + 1}\n`))
  })

const servers = []
let balancer
try {
  for (const place of places) servers.push(await serve(place))
  const { leave, start } = proxies[proxy]
  const [program, words, env] = start()
  balancer = spawn(program, words, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] })
  let trouble = ""
  balancer.stderr.setEncoding("utf8").on("data", (text) => trouble = (trouble + text).slice(-4096))
  balancer.on("exit", (code) => {
    process.stderr.write(`${program} ended with ${code}: ${trouble}\n`)
    for (const { child } of servers) child.kill("SIGKILL")
    process.exit(1)
  })
  while (!(await ask(0))) await new Promise((resolve) => setTimeout(resolve, 50))

  let asked = 0
  let lost = 0
  let restarted = 0
  const load = async () => {
    while (asked < Number(requests) || restarted < Number(restarts)) {
      if (!(await ask(++asked))) lost++
    }
  }
  const rolling = async () => {
    for (; restarted < Number(restarts); restarted++) {
      const index = restarted % servers.length
      await Promise.all(servers.map(({ found }) => found))
      const { child } = servers[index]
      await leave(index)
      child.kill("SIGTERM")
      const [code] = await once(child, "exit")
      if (code !== 0) throw new Error(`a server ended with ${code}`)
      servers[index] = await serve(places[index])
      await leave(undefined)
    }
  }
  await Promise.all([rolling(), ...Array.from({ length: clients }, load)])
  process.stdout.write(`${JSON.stringify({ proxy, restarted, asked, lost })}\n`)
} finally {
  balancer?.removeAllListeners("exit")
  balancer?.kill("SIGTERM")
  for (const { child } of servers) child.kill("SIGKILL")
  rmSync(folder, { recursive: true })
}
