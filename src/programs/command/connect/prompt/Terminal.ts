import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as readline from "node:readline"
import type { ReadStream, WriteStream } from "node:tty"
import stringWidth from "string-width"
import { onResume, suspend } from "../jobControl.js"
import type { History } from "./History.js"
import { size } from "./History.js"

/** A terminal with a line to edit. What is said stands above it, and leaves what is being typed alone. */
export class Terminal {
  /** Lines that were entered; undefined for the end of them. */
  readonly lines: Queue.Dequeue<string | undefined>
  /** Done when the person has had enough, whatever goes on. */
  readonly abandoned = Deferred.unsafeMake<void>(FiberId.none)
  private readonly output: WriteStream
  private readonly readline: readline.Interface
  private readonly forget: () => void
  private prompt = ""
  private isPrompting = false
  /** Whether the line above the cursor is the one that was entered. */
  private isEntered = false
  private isLeaving = false
  private isClosed = false

  constructor(
    input: ReadStream,
    output: WriteStream,
    lines: Queue.Queue<string | undefined>,
    history: History,
    words: ReadonlyArray<string>
  ) {
    this.output = output
    this.lines = lines
    this.readline = readline.createInterface({
      input,
      output,
      history: history.lines,
      historySize: size,
      removeHistoryDuplicates: true,
      completer: (line: string) => [line === "" ? [] : words.filter((word) => word.startsWith(line)), line]
    })
    this.readline.on("line", (text) => {
      this.isPrompting = false
      this.isEntered = true
      lines.unsafeOffer(text)
    })
    this.readline.on("close", () => {
      // What comes after the command begins a line of its own.
      if (this.isPrompting) output.write("\n")
      this.isPrompting = false
      this.isClosed = true
      lines.unsafeOffer(undefined)
    })
    this.readline.on("SIGTSTP", () => suspend(input))
    this.forget = onResume(input, () => this.refresh())
    this.readline.on("SIGINT", () => this.interrupt())
    input.on("keypress", (_, key: readline.Key) => {
      if (key.ctrl !== true || key.name !== "c") this.isLeaving = false
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
    this.readline.setPrompt(prompt)
  }

  say(text: string): void {
    this.isEntered = false
    if (this.isPrompting) readline.moveCursor(this.output, 0, -this.readline.getCursorPos().rows)
    readline.cursorTo(this.output, 0)
    readline.clearScreenDown(this.output)
    this.output.write(`${text}\n`)
    if (this.isPrompting) this.refresh()
  }

  /** Puts a mark under a place in the line that was entered, as it stands there, or else once more. */
  point(line: string, place: number, mark: string): void {
    const start = stringWidth(this.prompt)
    const isAbove = this.isEntered && start + stringWidth(line) < this.output.columns
    this.say(isAbove ? `${" ".repeat(start + place)}${mark}` : `  ${line}\n  ${" ".repeat(place)}${mark}`)
  }

  close(): void {
    this.forget()
    this.readline.close()
  }

  private refresh(): void {
    if (this.isPrompting) this.readline.prompt(true)
  }

  /** Clears the line; the second in a row leaves. */
  private interrupt(): void {
    if (this.isLeaving) {
      this.output.write("\n")
      Deferred.unsafeDone(this.abandoned, Effect.void)
      return
    }
    this.isLeaving = true
    const wasEmpty = this.readline.line === ""
    this.readline.write(null, { ctrl: true, name: "e" })
    this.readline.write(null, { ctrl: true, name: "u" })
    if (wasEmpty) this.say("Ctrl+C again, or Ctrl+D, leaves.")
  }
}

/** Takes a terminal, and gives it back as it was, whichever way the scope closes. */
export const make = (
  input: ReadStream,
  output: WriteStream,
  history: History,
  words: ReadonlyArray<string>
): Effect.Effect<Terminal, never, Scope.Scope> =>
  Effect.flatMap(Queue.unbounded<string | undefined>(), (lines) =>
    Effect.acquireRelease(
      Effect.sync(() => new Terminal(input, output, lines, history, words)),
      (terminal) => Effect.sync(() => terminal.close())
    ))
