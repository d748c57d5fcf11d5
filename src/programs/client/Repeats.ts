import type { Failure, Loss } from "./Awaited.js"

/**
 * Which requests are sent again, on another connection.
 *
 * @since 0.2.0
 * @category models
 */
export interface Repeats {
  /**
   * What becomes of a request whose connection ends. One that had not left is sent on the next. One that had, and has no
   * reply yet, may have been obeyed or not: it fails, unless `unanswered` says that it may be sent again, as may one
   * that only reads, or that does the same however often it comes. Default: `unsent`.
   */
  readonly retry?: "unsent" | "unanswered" | undefined
  /** How often one request is sent at the most: one over which the server falls is not to fell it for ever. Default: 3. */
  readonly attempts?: number | undefined
}

/** How often a request that has left may be sent, with the first time. */
export const attemptsOf = ({ attempts = 3, retry = "unsent" }: Repeats): number =>
  retry === "unanswered" ? Math.max(1, attempts) : 1

/** Whether the reply does not come because there is no connection any more. */
export const isLoss = (failure: Failure): failure is Loss => failure._tag !== "ReplyTimeout"
