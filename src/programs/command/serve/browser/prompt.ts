/** The prompt in the page: what is typed is a message, and what comes is shown below it. */

const form = document.getElementById("form") as HTMLFormElement
const field = document.getElementById("message") as HTMLInputElement
const again = document.getElementById("again") as HTMLButtonElement
const state = document.getElementById("state")!
const log = document.getElementById("log")!
const isChars = document.body.dataset["protocol"] === "chars"

/** Lines in the page: older ones go. */
const most = 1000

const show = (kind: "sent" | "heard", text: string): void => {
  const line = document.createElement("li")
  line.className = kind
  line.textContent = text
  log.append(line)
  if (log.childElementCount > most) log.firstElementChild?.remove()
  line.scrollIntoView({ block: "nearest" })
}

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
  state.textContent = "Connecting."
  again.hidden = true
  socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[?#].*$/, ""))
  socket.binaryType = "arraybuffer"
  socket.addEventListener("open", () => {
    state.textContent = "Connected."
    field.disabled = false
    field.focus()
  })
  socket.addEventListener(
    "message",
    ({ data }: MessageEvent<string | ArrayBuffer>) => show("heard", typeof data === "string" ? data : contentOf(data))
  )
  socket.addEventListener("close", ({ code, reason }) => {
    state.textContent = reason === ""
      ? `The connection is over (${code}).`
      : `The connection is over: ${reason} (${code}).`
    field.disabled = true
    again.hidden = false
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
