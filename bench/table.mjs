// Tables of Markdown.

const line = (cells) => `| ${cells.join(" | ")} |`

/** The first column is of words, the others are of figures. */
export const table = (head, rows) =>
  [line(head), line(head.map((_, index) => index === 0 ? "---" : "---:")), ...rows.map(line)].join("\n")
