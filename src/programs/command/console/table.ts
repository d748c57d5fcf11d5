import Table from "cli-table3"
import stringWidth from "string-width"

/** A table of text. */
export interface Content {
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  /** Which columns are words; the others are figures, which stand below each other by their ends. Default: the first. */
  readonly words?: ReadonlySet<number> | undefined
}

const first: ReadonlySet<number> = new Set([0])

/** As a box; or where that is wider than `columns`, row by row, each a title and lines of its own. */
export const table = ({ head, rows, words = first }: Content, columns: number): string => {
  const box = new Table({
    head: [...head],
    colAligns: head.map((_, i) => words.has(i) ? "left" : "right"),
    style: { head: [], border: [], compact: true }
  })
  box.push(...rows.map((row) => [...row]))
  const text = box.toString()
  if (stringWidth(text.slice(0, text.indexOf("\n"))) <= columns) return text
  const indent = Math.max(...head.slice(1).map((title) => title.length)) + 2
  return rows.map(([title = "", ...cells]) =>
    [title, ...cells.map((cell, i) => `  ${head[i + 1]!.padEnd(indent)}${cell}`)].join("\n")
  ).join("\n")
}
