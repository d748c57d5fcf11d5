/** How signals end the command: the first in good order, another at once. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { constants } from "node:os"
import * as Assignment from "../serve/worker/Assignment.js"
import * as HangUp from "../supervise/HangUp.js"
import * as hangUp from "./hangUp.js"

const handled = ["SIGINT", "SIGTERM", "SIGHUP"] as const

export type Signal = typeof handled[number]

export const codeOf = (signal: Signal): number => 128 + constants.signals[signal]

/** What is to be done about a signal. */
export type Decision = "stop" | "end" | "ignore"

/**
 * Milliseconds in which a SIGINT that comes again is the same one: npm and npx pass on what the terminal, at a Ctrl+C,
 * has sent to every process of theirs.
 */
const echo = 300

/** What has come so far. Times are in milliseconds. */
export class Signals {
  first: Signal | undefined = undefined
  private at = 0
  private readonly isHangUpIgnored: boolean

  constructor(isHangUpIgnored: boolean) {
    this.isHangUpIgnored = isHangUpIgnored
  }

  take(signal: Signal, now: number): Decision {
    if (signal === "SIGHUP" && this.isHangUpIgnored) return "ignore"
    if (this.first === undefined) {
      this.first = signal
      this.at = now
      return "stop"
    }
    // A terminal that is closed sends it twice, by the kernel and by the shell.
    if (signal === "SIGHUP") return "ignore"
    return signal === "SIGINT" && this.first === "SIGINT" && now - this.at < echo ? "ignore" : "end"
  }
}

/**
 * Runs the command. A signal interrupts it where it lets itself be interrupted, which is how its subcommands end, each in
 * its own way; the code is that of its exit, or if it was interrupted that of the signal.
 */
export const runMain = <E>(command: Effect.Effect<void, E>, exitCode: (exit: Exit.Exit<void, E>) => number): void => {
  const isWorker = Assignment.current() !== undefined
  const signals = new Signals(hangUp.isIgnored(process.env))
  const alive = setInterval(() => {}, 2 ** 31 - 1)
  const end = (exit: Exit.Exit<void, E>): void => {
    clearInterval(alive)
    const { first } = signals
    const code = first !== undefined && Exit.isInterrupted(exit) ? exitCode(exit) || codeOf(first) : exitCode(exit)
    // What a protocol's module has begun does not keep a worker that is to end.
    if (first !== undefined || code !== 0 || isWorker) process.exit(code)
  }
  // Not the exit of the fiber: one that was interrupted always ends so, whatever its effect came to.
  const fiber = Effect.runFork(Effect.uninterruptible(Effect.onExit(command, (exit) => Effect.sync(() => end(exit)))))
  const listener = (signal: Signal): void => {
    // A terminal's signals go to all its processes, and a service manager's may: the supervisor tells its workers.
    if (isWorker || (signal === "SIGHUP" && HangUp.tell())) return
    const decision = signals.take(signal, performance.now())
    if (decision === "stop") fiber.unsafeInterruptAsFork(fiber.id())
    if (decision === "end") process.exit(codeOf(signal))
  }
  for (const signal of handled) process.on(signal, listener)
  // Node would open its debugger for who may send this one. `node --inspect` still does.
  process.on("SIGUSR1", () => {})
}
