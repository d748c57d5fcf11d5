/** What the server tells, for as long as the page is open: a server that is away is asked for again and again. */
import type { Frame, Terms } from "../live/Frame.js"

/** Milliseconds without a word, after which the server is taken to be away; a frame comes each second. */
const patience = 3000

/** Milliseconds until it is asked again. */
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
  private askedAt = 0
  private timer = 0

  constructor(listener: Listener) {
    this.listener = listener
  }

  open(): void {
    this.goOn()
    // A page that was not seen for a while has what is to come, and not what was.
    document.addEventListener("visibilitychange", () => document.hidden ? this.stop() : this.goOn())
    addEventListener("pagehide", () => this.stop())
    addEventListener("pageshow", () => this.goOn())
    setInterval(() => {
      if (this.source === undefined) return
      const now = Date.now()
      if (now - this.heardAt > patience) this.listener.away(this.heardAt)
      // An attempt may fail without a word, too.
      if (now - Math.max(this.heardAt, this.askedAt) > patience) this.connect()
    }, 1000)
  }

  private goOn(): void {
    if (this.source !== undefined) return
    this.heardAt = Date.now()
    this.connect()
  }

  private connect(): void {
    clearTimeout(this.timer)
    this.source?.close()
    this.askedAt = Date.now()
    const source = this.source = new EventSource("live")
    source.addEventListener("terms", ({ data }: MessageEvent<string>) => this.listener.terms(JSON.parse(data)))
    source.addEventListener("frame", ({ data }: MessageEvent<string>) => {
      this.heardAt = Date.now()
      this.listener.frame(JSON.parse(data))
    })
    source.addEventListener("error", () => {
      source.close()
      if (source !== this.source) return
      this.listener.away(this.heardAt)
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.connect(), pause)
    })
  }

  private stop(): void {
    clearTimeout(this.timer)
    this.source?.close()
    this.source = undefined
  }
}
