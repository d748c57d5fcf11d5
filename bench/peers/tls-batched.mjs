// Echoes lines by hand on node:tls: all lines of a chunk in one write. Its certificate is that of the tests.
import { readFileSync } from "node:fs"
import { createServer } from "node:tls"
import { echoLines } from "./echoLines.mjs"

const pem = readFileSync(new URL("../../test/fixtures/certificates/server.pem", import.meta.url))

const server = createServer({ cert: pem, key: pem, noDelay: true }, echoLines)
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tls://127.0.0.1:${server.address().port} (tls)`))
