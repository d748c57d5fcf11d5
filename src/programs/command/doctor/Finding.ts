/** What the doctor has to say. */
import * as Data from "effect/Data"
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { printable } from "../console/printable.js"

/** `note`: the server runs, and it is worth knowing. `wrong`: it does not start, or not as it is told to, or is in danger. */
export type Level = "fine" | "note" | "wrong"

export interface Finding {
  /** Such as `node`, `port` or `certificate`. */
  readonly about: string
  readonly level: Level
  readonly says: string
  /** What to do about it. */
  readonly mend?: string | undefined
}

export const fine = (about: string, says: string): Finding => ({ about, level: "fine", says })

export const note = (about: string, says: string, mend?: string): Finding => ({ about, level: "note", says, mend })

export const wrong = (about: string, says: string, mend?: string): Finding => ({ about, level: "wrong", says, mend })

/** Something is wrong: the findings have been printed. */
export class Unwell extends Data.TaggedError("Unwell")<{ readonly wrong: number }> {
  override get message(): string {
    return this.wrong === 1 ? "One thing is wrong: see above." : `${this.wrong} things are wrong: see above.`
  }
}

export const wrongs = (findings: ReadonlyArray<Finding>): number =>
  findings.filter(({ level }) => level === "wrong").length

/** A line for each, or more where there is no room; what to do stands below. */
export const text = (
  findings: ReadonlyArray<Finding>,
  columns: number,
  { green, red, yellow }: ReturnType<typeof pc.createColors>
): string => {
  const paints = { fine: green, note: yellow, wrong: red }
  const widest = Math.max(...findings.map(({ about }) => about.length))
  const indent = 2 + "wrong".length + 2 + widest + 2
  const room = Math.max(20, columns - indent)
  const wrapped = (sentence: string): string =>
    wrapAnsi(printable(sentence), room).replaceAll("\n", `\n${" ".repeat(indent)}`)
  return findings.map(({ about, level, mend, says }) => {
    const head = `  ${paints[level](level.padEnd("wrong".length))}  ${about.padEnd(widest)}  ${wrapped(says)}`
    return mend === undefined ? head : `${head}\n${" ".repeat(indent)}${wrapped(mend)}`
  }).join("\n")
}

export const json = (findings: ReadonlyArray<Finding>): string =>
  JSON.stringify({ wrong: wrongs(findings), findings }, undefined, 2)
