/** A search back through what was typed, as Ctrl+R does it in a shell: each letter narrows it, and Ctrl+R goes on. */
export class Search {
  /** The line that was being typed when it began. */
  readonly before: string
  /** The latest first. */
  private readonly history: ReadonlyArray<string>
  query = ""
  private at = 0

  constructor(before: string, history: ReadonlyArray<string>) {
    this.before = before
    this.history = history
  }

  /** What is found; undefined if nothing is, or nothing is looked for. */
  get found(): string | undefined {
    return this.query === "" ? undefined : this.history[this.at]
  }

  /** More letters: the line that is found stays, if it has them. */
  type(letters: string): void {
    this.query += letters
    this.at = this.from(this.at)
  }

  /** One letter less: from the latest on again. */
  erase(): void {
    this.query = Array.from(this.query).slice(0, -1).join("")
    this.at = this.from(0)
  }

  /** The next earlier; stays where there is none. */
  earlier(): void {
    const next = this.from(this.at + 1)
    if (next < this.history.length) this.at = next
  }

  private from(at: number): number {
    const found = this.history.findIndex((line, i) => i >= at && line.includes(this.query))
    return found < 0 ? this.history.length : found
  }
}
