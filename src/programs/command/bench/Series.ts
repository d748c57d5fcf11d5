/** What the page's script draws for one server. */
export interface Series {
  readonly name: string
  /** What it was measured with, such as `50 connections`. */
  readonly load: string
  /** The variable of the page's style that holds its colour. */
  readonly colour: string
  readonly requestsPerSecond: number
  /** At each step, the percentage of the replies that took at most so many milliseconds. */
  readonly distribution: ReadonlyArray<readonly [percentage: number, milliseconds: number]>
}
