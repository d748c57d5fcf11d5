/** The prompt in the page: what is typed is a message, and what comes is shown below it. */

const form = document.getElementById("form") as HTMLFormElement
const field = document.getElementById("message") as HTMLInputElement
const send = document.getElementById("send") as HTMLButtonElement
const again = document.getElementById("again") as HTMLButtonElement
const state = document.getElementById("state")!
const log = document.getElementById("log")!
const { protocol } = document.body.dataset
const isChars = protocol === "chars"

/** Lines in the page: older ones go. */
const most = 1000

/** The end of the log stays in sight, unless somebody has scrolled back to read. */
const keepingEnd = (change: () => void): void => {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  change()
  if (isAtEnd) log.scrollTop = log.scrollHeight
}

const show = (kind: "sent" | "heard", text: string): void =>
  keepingEnd(() => {
    const line = document.createElement("li")
    line.className = kind === "heard" && protocol === "calc" && text.startsWith("INVALID ") ? "fault" : kind
    line.textContent = text
    log.append(line)
    if (log.childElementCount > most) log.firstElementChild?.remove()
  })

/** Says how the connection is, and offers what can be done: to send, or to connect again. */
const tell = (kind: "" | "open" | "over", words: string): void =>
  keepingEnd(() => {
    state.className = kind
    state.textContent = words
    if (kind === "") return
    const isOver = kind === "over"
    const hadFocus = form.contains(document.activeElement)
    field.disabled = field.hidden = send.hidden = isOver
    again.hidden = !isOver
    if (!isOver) field.focus()
    else if (hadFocus) again.focus()
  })

const header = {
  byteorder: "little",
  "content-type": "binary/custom-client-binary-type",
  "content-encoding": "binary"
}

/** A message of chars: the length of a header, the header, and the content. */
const envelope = (text: string): ArrayBuffer => {
  const content = new TextEncoder().encode(text)
  const json = new TextEncoder().encode(JSON.stringify({ ...header, "content-length": content.length }))
  const bytes = new Uint8Array(2 + json.length + content.length)
  bytes.set([json.length >> 8, json.length & 0xff])
  bytes.set(json, 2)
  bytes.set(content, 2 + json.length)
  return bytes.buffer
}

const contentOf = (envelope: ArrayBuffer): string =>
  new TextDecoder().decode(envelope.slice(2 + new DataView(envelope).getUint16(0)))

let socket: WebSocket

const connect = (): void => {
  let isReached = false
  tell("", "Connecting.")
  socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[?#].*$/, ""))
  socket.binaryType = "arraybuffer"
  socket.addEventListener("open", () => {
    isReached = true
    tell("open", "Connected.")
  })
  socket.addEventListener(
    "message",
    ({ data }: MessageEvent<string | ArrayBuffer>) => show("heard", typeof data === "string" ? data : contentOf(data))
  )
  socket.addEventListener("close", ({ code, reason }) => {
    const why = reason === "" ? "" : `: ${reason}`
    tell("over", isReached ? `The connection is over${why} (${code}).` : "The server cannot be reached.")
  })
}

/** What was sent, and where among it the arrow keys are. */
const history: Array<string> = []
let at = 0

form.addEventListener("submit", (event) => {
  event.preventDefault()
  const text = field.value
  if (text === "" || socket.readyState !== WebSocket.OPEN) return
  at = history.push(text)
  field.value = ""
  show("sent", text)
  socket.send(isChars ? envelope(text) : text)
})

field.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0
  if (step === 0) return
  event.preventDefault()
  at = Math.min(history.length, Math.max(0, at + step))
  field.value = history[at] ?? ""
})

again.addEventListener("click", connect)
connect()
