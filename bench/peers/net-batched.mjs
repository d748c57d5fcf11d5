// Echoes lines by hand on node:net: all lines of a chunk in one write.
//   net-batched.mjs [--unix PATH]    on TCP, or at a unix socket
import { rmSync } from "node:fs"
import { createServer } from "node:net"
import { echoLines } from "./echoLines.mjs"

const server = createServer({ noDelay: true }, echoLines)
const at = process.argv.indexOf("--unix")
const path = at < 0 ? undefined : process.argv[at + 1]
// What one that was killed has left.
if (path !== undefined) rmSync(path, { force: true })
server.listen({ ...(path === undefined ? { port: 0, host: "127.0.0.1" } : { path }), backlog: 4096 }, () => {
  const place = path === undefined ? `tcp://127.0.0.1:${server.address().port}` : `unix:${path}`
  console.log(`listening on ${place} (net)`)
})
