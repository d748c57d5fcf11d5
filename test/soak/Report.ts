/** What a run has shown, as it goes and at its end. */
import type { Case } from "./Case.js"
import { title } from "./Case.js"
import type { Finding, Undecided } from "./Finding.js"
import type { Played } from "./play.js"

/** The least part of the cases that must have been decided for the run to have shown anything. */
const leastDecided = 0.7

const ms = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
const MiB = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** That part of them is at most so much. */
const quantile = (values: ReadonlyArray<number>, part: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? 0

const line = ({ clients, ending, grown, peak, waits }: Played): string =>
  [
    `${clients} clients`,
    `${waits.length} answers, median ${ms(quantile(waits, 0.5))}, most ${ms(quantile(waits, 1))}`,
    `${MiB(grown)} more held, ${MiB(peak)} at most`,
    `ended in ${ms(ending.took)}, ${ending.cut} cut`
  ].join("; ")

export class Report {
  private readonly write: (line: string) => void
  private readonly played: Array<Played> = []
  private readonly findings: Array<string> = []
  private undecided = 0

  constructor(write: (line: string) => void) {
    this.write = write
  }

  fine(subject: Case, played: Played): void {
    this.played.push(played)
    this.write(`fine       ${title(subject)}: ${line(played)}`)
  }

  failed(subject: Case, error: Finding | Undecided): void {
    const words = `${title(subject)}: ${error.message}`
    if (error._tag === "Finding") this.findings.push(words)
    else this.undecided++
    this.write(`${error._tag === "Finding" ? "FOUND     " : "undecided "} ${words}`)
  }

  get isGood(): boolean {
    const cases = this.played.length + this.undecided
    return this.findings.length === 0 && this.played.length >= leastDecided * cases
  }

  /** `worst` is the longest that a bare server took for an answer meanwhile, in milliseconds. */
  end(worst: number): void {
    const { findings, played, undecided } = this
    const waits = played.flatMap(({ waits }) => waits)
    const most = (of: (played: Played) => number): number => Math.max(0, ...played.map(of))
    this.write(
      [
        "",
        `${played.length} cases fine, ${findings.length} found, ${undecided} undecided for want of time on this machine.`,
        `${
          played.reduce((sum, { clients }) => sum + clients, 0)
        } clients; ${waits.length} answers to bystanders: median ${ms(quantile(waits, 0.5))}, p99 ${
          ms(quantile(waits, 0.99))
        }, most ${ms(quantile(waits, 1))}; of a bare server, most ${ms(worst)}.`,
        `At most ${MiB(most(({ grown }) => grown))} more held after a storm, ${MiB(most(({ peak }) => peak))} in it.`,
        ...findings.map((words) => `FOUND ${words}`),
        ...(this.isGood || findings.length > 0
          ? []
          : ["Too few were decided to say anything: this machine is too busy."])
      ].join("\n")
    )
  }
}
