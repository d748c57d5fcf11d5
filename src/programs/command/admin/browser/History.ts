import type { Frame } from "../live/Frame.js"
import type { Look, Rates } from "../live/rates.js"
import { rates } from "../live/rates.js"

/** What a chart has for a second; times are milliseconds. */
export interface Point extends Rates {
  /** Seconds since 1970. */
  readonly at: number
  readonly active: number
}

/** Seconds that are kept, and those that the figures are of, so that they can be read. */
const kept = 300
const recent = 5

export class History {
  readonly points: Array<Point> = []
  private looks: Array<Look> = []
  private startedAt = 0

  /** Keeps a frame, and gives the rates of the last seconds; undefined where it is the first of a server. */
  add({ at, figures, health }: Frame): Rates | undefined {
    if (health.startedAt !== this.startedAt) this.looks = []
    this.startedAt = health.startedAt
    const before = this.looks.at(-1)
    this.looks.push({ at, figures })
    if (before === undefined) return undefined
    this.points.push({ ...rates(before, this.looks.at(-1)!), at: at / 1000, active: figures.active })
    if (this.points.length > kept) this.points.shift()
    if (this.looks.length > recent + 1) this.looks.shift()
    return rates(this.looks[0]!, this.looks.at(-1)!)
  }

  /** The server is away: a chart has a gap there. */
  interrupt(): void {
    this.looks = []
    const last = this.points.at(-1)
    if (last === undefined || Number.isNaN(last.requests)) return
    const gap = { ...last, at: last.at + 0.5, p50: undefined, p99: undefined, lag: undefined }
    this.points.push({ ...gap, requests: NaN, accepted: NaN, refused: NaN, active: NaN })
  }
}
