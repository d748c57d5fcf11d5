import * as readline from "node:readline"
import type { ReadStream, WriteStream } from "node:tty"
import type { Completion } from "./completion.js"
import { size } from "./History.js"
import { Keyboard } from "./Keyboard.js"

/** What readline has besides what it says it has; Node's own REPL is built on it. */
type Internals = Omit<readline.Interface, "line" | "cursor"> & {
  line: string
  cursor: number
  /** Rows of the prompt and the line above the cursor, as they were last drawn. */
  prevRows: number
  clearLine: () => void
  _moveCursor: (by: number) => void
  _ttyWrite: (text: string | undefined, key: readline.Key) => void
}

export interface Options {
  readonly input: ReadStream
  readonly output: WriteStream
  /** Whether keys can edit: not where the cursor cannot be moved. */
  readonly isEditable: boolean
  readonly history: Array<string>
  readonly complete: (line: string) => Promise<Completion>
  /** Is called when the line is to be drawn anew. */
  readonly redraw: () => void
}

/** A line that is being typed: Node's readline, with what it lacks. */
export class Editor {
  /** What was entered, the latest first. */
  history: ReadonlyArray<string>
  private readonly output: WriteStream
  private readonly readline: Internals
  private readonly keyboard: Keyboard
  private readonly redraw: () => void

  constructor({ complete, history, input, isEditable, output, redraw }: Options) {
    this.history = history
    this.output = output
    this.redraw = redraw
    this.keyboard = new Keyboard(input)
    const listeners = output.listeners("resize")
    const created = readline.createInterface({
      input: this.keyboard,
      output,
      terminal: isEditable,
      history,
      historySize: size,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: Error | null, completion: Completion) => void) => {
        void complete(line).then((completion) => done(null, completion))
      }
    })
    created.on("history", (lines: Array<string>) => (this.history = lines))
    this.readline = created as unknown as Internals
    // In the place of readline's own, which takes for granted that nothing has moved.
    for (const listener of output.listeners("resize")) {
      if (!listeners.includes(listener)) output.off("resize", listener as () => void)
    }
    if (isEditable) output.on("resize", this.onResize)
  }

  /**
   * Most terminals that change their width break the line anew, so that the cursor stands in another row than where it was
   * put; some cut it off, and it does not. In which column it stands now tells them apart.
   */
  private readonly onResize = (): void => {
    this.keyboard.askColumn(this.output, (column) => {
      const { cols, rows } = this.readline.getCursorPos()
      if (column === cols + 1) this.readline.prevRows = rows
      this.redraw()
    })
  }

  get line(): string {
    return this.readline.line
  }

  get rowsAboveCursor(): number {
    return this.readline.getCursorPos().rows
  }

  on(event: "line", listener: (line: string) => void): void
  on(event: "close" | "SIGINT" | "SIGTSTP", listener: () => void): void
  on(event: string, listener: (line: string) => void): void {
    this.readline.on(event, listener)
  }

  /** Has every key shown to somebody first, who may keep it. */
  intercept(take: (text: string | undefined, key: readline.Key) => boolean): void {
    const write = this.readline._ttyWrite.bind(this.readline)
    this.readline._ttyWrite = (text, key) => {
      if (!take(text, key)) write(text, key)
    }
  }

  setPrompt(prompt: string): void {
    this.readline.setPrompt(prompt)
  }

  /** Draws the prompt and the line, the cursor where it was. */
  draw(): void {
    this.readline.prompt(true)
  }

  /** Has another line in the place of the one that was being typed. */
  replace(line: string): void {
    this.readline.line = line
    this.readline.cursor = line.length
    this.draw()
  }

  /** Leaves the line standing with a mark behind it, as a shell does, and begins another below. */
  abandon(mark: string): void {
    this.readline._moveCursor(Infinity)
    this.output.write(mark)
    this.readline.clearLine()
  }

  close(): void {
    this.output.off("resize", this.onResize)
    this.readline.close()
    this.keyboard.close()
  }
}
