// Echoes lines by hand on node:net: all lines of a chunk in one write.
import { createServer } from "node:net"
import { echoLines } from "./echoLines.mjs"

const server = createServer({ noDelay: true }, echoLines)
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tcp://127.0.0.1:${server.address().port} (net)`))
