/** What the server tells, for as long as the page is open: a server that is away is asked for again and again. */
import type { Frame, Terms } from "../live/Frame.js"

/** Milliseconds without a word, after which the server is taken to be away; a frame comes each second. */
const patience = 4000

/** Milliseconds until it is asked again where the browser does not do so itself. */
const pause = 1000

export interface Listener {
  readonly terms: (terms: Terms) => void
  readonly frame: (frame: Frame) => void
  /** Nothing is heard of the server since then, in milliseconds since 1970. */
  readonly away: (since: number) => void
}

export class Feed {
  private readonly listener: Listener
  private source: EventSource | undefined
  private heardAt = Date.now()
  private timer = 0

  constructor(listener: Listener) {
    this.listener = listener
  }

  open(): void {
    this.connect()
    // A page that was not seen for a while has what is to come, and not what was.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop()
      else if (this.source === undefined) this.connect()
    })
    addEventListener("pagehide", () => this.stop())
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted && this.source === undefined) this.connect()
    })
    setInterval(() => {
      if (this.source !== undefined && Date.now() - this.heardAt > patience) this.listener.away(this.heardAt)
    }, 1000)
  }

  private connect(): void {
    clearTimeout(this.timer)
    const source = this.source = new EventSource("live")
    source.addEventListener("terms", ({ data }: MessageEvent<string>) => this.listener.terms(JSON.parse(data)))
    source.addEventListener("frame", ({ data }: MessageEvent<string>) => {
      this.heardAt = Date.now()
      this.listener.frame(JSON.parse(data))
    })
    source.addEventListener("error", () => {
      this.listener.away(this.heardAt)
      // Where there was an answer and it was no stream, the browser has given up.
      if (source.readyState === EventSource.CLOSED && source === this.source) {
        clearTimeout(this.timer)
        this.timer = setTimeout(() => this.connect(), pause)
      }
    })
  }

  private stop(): void {
    clearTimeout(this.timer)
    this.source?.close()
    this.source = undefined
    this.heardAt = Date.now()
  }
}
