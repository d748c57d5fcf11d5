import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Key } from "node:readline"
import * as readline from "node:readline"
import type { ReadStream, WriteStream } from "node:tty"
import stringWidth from "string-width"
import { onResume, suspend } from "../../console/jobControl.js"
import { printable } from "../../console/printable.js"
import type { Completion } from "./completion.js"
import { Editor } from "./Editor.js"
import { Search } from "./Search.js"

/** A terminal with a line to edit. What is said stands above it, and leaves what is being typed alone. */
export class Terminal {
  /** Lines that were entered; undefined for the end of them. */
  readonly lines: Queue.Dequeue<string | undefined>
  /** Done when the person has had enough, whatever goes on. */
  readonly abandoned = Deferred.unsafeMake<void>(FiberId.none)
  private readonly output: WriteStream
  private readonly editor: Editor
  private readonly isEditable: boolean
  private readonly forget: () => void
  private prompt = ""
  private isPrompting = false
  /** Whether the line above the cursor is the one that was entered. */
  private isEntered = false
  private isLeaving = false
  private isClosed = false
  private search: Search | undefined = undefined

  constructor(
    input: ReadStream,
    output: WriteStream,
    lines: Queue.Queue<string | undefined>,
    history: Array<string>,
    complete: (line: string, history: ReadonlyArray<string>) => Promise<Completion>
  ) {
    this.output = output
    this.lines = lines
    this.isEditable = process.env["TERM"] !== "dumb"
    this.editor = new Editor({
      input,
      output,
      isEditable: this.isEditable,
      history,
      complete: (line) => complete(line, this.editor.history),
      redraw: () => this.refresh()
    })
    this.editor.on("line", (text) => {
      this.isPrompting = false
      this.isEntered = true
      lines.unsafeOffer(text)
    })
    this.editor.on("close", () => {
      // What comes after the command begins a line of its own.
      if (this.isPrompting) output.write("\n")
      this.isPrompting = false
      this.isClosed = true
      lines.unsafeOffer(undefined)
    })
    this.editor.on("SIGTSTP", () => suspend(input))
    this.forget = this.isEditable ? onResume(input, () => this.refresh()) : () => {}
    this.editor.on("SIGINT", () => this.interrupt())
    this.editor.intercept((text, key) => {
      if (key.ctrl !== true || key.name !== "c") this.isLeaving = false
      return this.isPrompting && this.look(text, key)
    })
  }

  /** Asks for the next line. */
  ask(prompt: string): void {
    this.isPrompting = !this.isClosed
    this.change(prompt)
    this.refresh()
  }

  /** Changes the prompt of the line that is being typed; it is seen with what is said next. */
  change(prompt: string): void {
    this.prompt = prompt
    if (this.search === undefined) this.editor.setPrompt(prompt)
  }

  say(text: string): void {
    this.isEntered = false
    if (this.isEditable) {
      if (this.isPrompting) readline.moveCursor(this.output, 0, -this.editor.rowsAboveCursor)
      readline.cursorTo(this.output, 0)
      readline.clearScreenDown(this.output)
    }
    this.output.write(`${text}\n`)
    this.refresh()
  }

  /** Puts a mark under a place in the line that was entered, as it stands there, or else once more. */
  point(line: string, place: number, mark: string): void {
    const start = stringWidth(this.prompt)
    const isAbove = this.isEntered && start + stringWidth(line) < this.output.columns
    this.say(isAbove ? `${" ".repeat(start + place)}${mark}` : `  ${line}\n  ${" ".repeat(place)}${mark}`)
  }

  close(): void {
    this.forget()
    this.editor.close()
  }

  private refresh(): void {
    if (this.isPrompting) this.editor.draw()
  }

  /** Clears the line, which stays to be seen; the second in a row leaves. */
  private interrupt(): void {
    if (this.isLeaving) {
      this.output.write("\n")
      Deferred.unsafeDone(this.abandoned, Effect.void)
      return
    }
    this.isLeaving = true
    const isHintDue = this.editor.line === "" || !this.isPrompting
    this.editor.abandon("^C")
    if (isHintDue) this.output.write("Ctrl+C again, or Ctrl+D, leaves.\n")
    this.refresh()
  }

  /** A search takes the keys that are its own; any other ends it with what it found, and is then what it always is. */
  private look(text: string | undefined, { ctrl, meta, name }: Key): boolean {
    const { search } = this
    const isAgain = ctrl === true && name === "r"
    if (search === undefined) {
      if (isAgain) this.show(new Search(this.editor.line, this.editor.history))
      return isAgain
    }
    if (isAgain) search.earlier()
    else if (name === "escape" || (ctrl === true && (name === "c" || name === "g"))) return this.found(search.before)
    else if (name === "backspace") search.erase()
    else if (text !== undefined && ctrl !== true && meta !== true && printable(text) === text) search.type(text)
    else return !this.found(search.found ?? search.before)
    this.show(search)
    return true
  }

  private show(search: Search): void {
    this.search = search
    const isVain = search.query !== "" && search.found === undefined
    this.editor.setPrompt(`${isVain ? "never typed" : "typed before"} '${search.query}'> `)
    this.editor.replace(search.found ?? "")
  }

  private found(line: string): true {
    this.search = undefined
    this.editor.setPrompt(this.prompt)
    this.editor.replace(line)
    return true
  }
}

/** Takes a terminal, and gives it back as it was, whichever way the scope closes. */
export const make = (
  input: ReadStream,
  output: WriteStream,
  history: Array<string>,
  complete: (line: string, history: ReadonlyArray<string>) => Promise<Completion>
): Effect.Effect<Terminal, never, Scope.Scope> =>
  Effect.flatMap(Queue.unbounded<string | undefined>(), (lines) =>
    Effect.acquireRelease(
      Effect.sync(() => new Terminal(input, output, lines, history, complete)),
      (terminal) => Effect.sync(() => terminal.close())
    ))
