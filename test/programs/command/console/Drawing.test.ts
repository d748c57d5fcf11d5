import { PassThrough } from "node:stream"
import { expect, it } from "vitest"
import { Drawing } from "../../../../src/programs/command/console/Drawing.js"

/** A terminal of so many columns, and what it was told last. */
const terminal = (columns: number) => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 })
  const told = (): string => String(stream.read() ?? "")
  return { stream, told, drawing: new Drawing(stream as unknown as NodeJS.WriteStream) }
}

const rowsUp = (text: string): number => text.split("\x1b[1A").length - 1

const picture = `${"x".repeat(70)}\n${"y".repeat(30)}`

it("a picture is drawn over the last one", () => {
  const { drawing, told } = terminal(80)
  drawing.draw(picture)
  expect(rowsUp(told())).toBe(0)
  drawing.draw("another")
  expect(rowsUp(told())).toBe(2)
})

it.each([[40, 3], [20, 6]])(
  "in a terminal made as narrow as %s columns, it is drawn over the %s rows that the last one takes there",
  (columns, rows) => {
    const { drawing, stream, told } = terminal(80)
    drawing.draw(picture)
    told()
    stream.columns = columns
    drawing.draw(picture)
    const text = told()
    expect(rowsUp(text)).toBe(rows)
    expect(text.lastIndexOf("\x1b[1A")).toBeLessThan(text.indexOf("x"))
    // From then on it knows where it stands.
    drawing.draw("another")
    expect(rowsUp(told())).toBe(rows)
    stream.columns = 80
    drawing.clear()
    expect(rowsUp(told())).toBe(1)
  }
)
