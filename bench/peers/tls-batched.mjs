// Echoes lines by hand on node:tls: all lines of a chunk in one write. Its certificate is that of the tests.
import { readFileSync } from "node:fs"
import { createServer } from "node:tls"

const pem = readFileSync(new URL("../../test/fixtures/certificates/server.pem", import.meta.url))

const server = createServer({ cert: pem, key: pem, noDelay: true }, (socket) => {
  let rest = ""
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()
    let replies = ""
    for (const line of lines) replies += `${line}\n`
    if (replies !== "") socket.write(replies)
  })
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`listening on tls://127.0.0.1:${server.address().port} (tls)`))
