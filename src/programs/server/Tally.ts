import type { Member } from "./conversation/Owner.js"

/**
 * What a server's connections have come to, those that are served now included. All but `open`, `working`, `waiting` and
 * `stalled` only grow.
 *
 * @since 0.2.0
 * @category models
 */
export interface Totals {
  /** Connections that are served now. */
  readonly open: number
  /** Messages taken from peers: of them is `requests` = answered + `failed` + `abandoned` + `working`. */
  readonly requests: number
  /** Requests whose turn failed or died. */
  readonly failed: number
  /** Requests whose peer was gone, or cut, before their turn was done. */
  readonly abandoned: number
  /** Requests whose turn is under way. */
  readonly working: number
  /** What peers sent against their framing; none of these is a request. */
  readonly malformed: number
  /** Messages sent to peers. */
  readonly replies: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Connections that wait for their share of the time that all have together. */
  readonly waiting: number
  /** Connections whose peer is so far behind that nothing more is made for it. */
  readonly stalled: number
}

type Sums = { -readonly [Key in keyof Totals]: number }

const none: Totals = {
  open: 0,
  requests: 0,
  failed: 0,
  abandoned: 0,
  working: 0,
  malformed: 0,
  replies: 0,
  bytesIn: 0,
  bytesOut: 0,
  waiting: 0,
  stalled: 0
}

const add = (sums: Sums, member: Member): void => {
  sums.requests += member.requests
  sums.failed += member.failed
  sums.malformed += member.malformed
  sums.replies += member.replies
  sums.bytesIn += member.bytesIn
  sums.bytesOut += member.connection.sent()
}

/** Keeps what the connections that are over have come to; those under way count by themselves, and are asked. */
export class Tally {
  private readonly ended: Sums = { ...none }

  /** A connection is over. */
  end(member: Member): void {
    add(this.ended, member)
    if (member.isAnswering) this.ended.abandoned++
  }

  /** With those that are `open`. */
  totals(open: ReadonlySet<Member>): Totals {
    const sums: Sums = { ...this.ended, open: open.size }
    for (const member of open) {
      add(sums, member)
      if (member.isAnswering) sums.working++
      if (member.pending) sums.waiting++
      if (member.isBlocked) sums.stalled++
    }
    return sums
  }
}
