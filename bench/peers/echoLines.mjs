/** Echoes a socket's lines by hand: all lines of a chunk in one write. */
export const echoLines = (socket) => {
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
}
