/** The last minutes as lines. */
import uPlot from "uplot"
import css from "uplot/dist/uPlot.min.css"
import { count, time } from "../../report/figures.js"
import { element } from "./elements.js"
import type { Point } from "./History.js"

const sheet = new CSSStyleSheet()
sheet.replaceSync(css)
document.adoptedStyleSheets.push(sheet)

const height = 160

/** Seconds from one edge to the other. */
const span = 300

interface Line {
  readonly label: string
  readonly colour: string
  readonly of: (point: Point) => number | undefined
  readonly isFilled?: boolean
}

interface Chart {
  readonly id: string
  readonly lines: ReadonlyArray<Line>
  readonly write: (value: number) => string
  /** The least that the top of the chart stands for. */
  readonly least: number
}

const charts: ReadonlyArray<Chart> = [
  {
    id: "requests-chart",
    lines: [{ label: "requests", colour: "--blue", of: ({ requests }) => requests, isFilled: true }],
    write: count,
    least: 4
  },
  {
    id: "latency-chart",
    lines: [
      { label: "p50", colour: "--green", of: ({ p50 }) => p50 },
      { label: "p99", colour: "--orange", of: ({ p99 }) => p99 }
    ],
    write: time,
    least: 0.1
  },
  {
    id: "clients-chart",
    lines: [{ label: "clients", colour: "--purple", of: ({ active }) => active, isFilled: true }],
    write: count,
    least: 4
  }
]

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })

const make = ({ id, least, lines, write }: Chart): uPlot => {
  const colours = getComputedStyle(document.documentElement)
  const colour = (name: string): string => colours.getPropertyValue(name)
  const font = `12px ${getComputedStyle(document.body).fontFamily}`
  const parent = element(id)
  parent.replaceChildren()
  const axis = { stroke: colour("--muted"), font, ticks: { show: false }, border: { show: false } }
  const grid = { stroke: colour("--rule"), width: 1 }
  return new uPlot(
    {
      width: Math.max(200, parent.clientWidth),
      height,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { y: { range: (_, __, most) => [0, Math.max(least, (most ?? 0) * 1.1)] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          space: 70,
          values: (_, ticks) => ticks.map((at) => clock.format(at * 1000))
        },
        {
          ...axis,
          grid,
          size: 64,
          space: 36,
          values: (_, ticks) => ticks.map((value) => value === 0 ? "0" : write(value))
        }
      ],
      series: [
        {},
        ...lines.map((line): uPlot.Series => ({
          label: line.label,
          stroke: colour(line.colour),
          width: 2,
          points: { show: false },
          ...(line.isFilled === true ? { fill: `${colour(line.colour).trim()}22` } : {})
        }))
      ],
      hooks: {
        setCursor: [(plot) => {
          const { idx } = plot.cursor
          element(`${id}-value`).textContent = idx === undefined || idx === null ? "" : [
            clock.format(plot.data[0][idx]! * 1000),
            ...lines.flatMap(({ label }, i) => {
              const value = plot.data[i + 1]![idx]
              return value === undefined || value === null ? [] : `${label} ${write(value)}`
            })
          ].join(" · ")
        }]
      }
    },
    [[], ...lines.map(() => [])],
    parent
  )
}

export class Charts {
  private plots = charts.map(make)
  private points: ReadonlyArray<Point> = []

  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const plot of this.plots) plot.destroy()
      this.plots = charts.map(make)
      this.draw(this.points)
    })
    const observer = new ResizeObserver(() => {
      for (const [i, { id }] of charts.entries()) {
        const width = element(id).clientWidth
        if (width > 0 && width !== this.plots[i]!.width) this.plots[i]!.setSize({ width, height })
      }
    })
    for (const { id } of charts) observer.observe(element(id))
  }

  draw(points: ReadonlyArray<Point>): void {
    this.points = points
    const max = points.at(-1)?.at ?? Date.now() / 1000
    const at = points.map((point) => point.at)
    for (const [i, { lines }] of charts.entries()) {
      const plot = this.plots[i]!
      plot.batch(() => {
        plot.setData([
          at,
          ...lines.map(({ of }) =>
            points.map((point) => {
              const value = of(point)
              return value === undefined || Number.isNaN(value) ? null : value
            })
          )
        ], false)
        // The first minutes fill the chart: it grows to its whole span.
        const min = Math.max(max - span, Math.min(at[0] ?? max, max - 60))
        plot.setScale("x", { min, max })
        plot.setScale("y", { min: 0, max: 0 })
      })
    }
  }
}
