/** Draws the charts of a report, in the page itself, in the colours of its light or dark. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip
} from "chart.js"
import type { Series } from "../Series.js"

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip
)

const series = JSON.parse(document.getElementById("series")!.textContent) as ReadonlyArray<Series>

const canvas = (id: string): HTMLCanvasElement => document.getElementById(id) as HTMLCanvasElement

const count = new Intl.NumberFormat("en", { maximumFractionDigits: 0 })

/** One in so many replies is slower: 10 stands for the 90th percentile, 100 for the 99th. */
const rarity = (percentage: number): number => 100 / (100 - percentage)

const percentile = (rarity: number): string => `${Number((100 - 100 / rarity).toPrecision(7))} %`

const draw = (): Array<Chart> => {
  const colours = getComputedStyle(document.documentElement)
  const colour = (name: string): string => colours.getPropertyValue(name)
  const axis = (text: string) => ({
    border: { color: colour("--rule") },
    grid: { color: colour("--rule") },
    ticks: { color: colour("--muted") },
    title: { display: true, text, color: colour("--muted") }
  })
  Chart.defaults.font = { ...Chart.defaults.font, family: getComputedStyle(document.body).fontFamily, size: 13 }
  Chart.defaults.color = colour("--ink")
  Chart.defaults.animation = false
  Chart.defaults.maintainAspectRatio = false

  const rarest = Math.max(10, ...series.map(({ distribution }) => rarity(distribution.at(-1)?.[0] ?? 0)))
  const requests = axis("requests/s")
  const rarities = axis("replies within the time")

  return [
    new Chart(canvas("throughput"), {
      type: "bar",
      data: {
        // Two lines, for which there is room on a telephone, too.
        labels: series.map(({ load, name }) => [name, load]),
        datasets: [{
          data: series.map(({ requestsPerSecond }) => requestsPerSecond),
          backgroundColor: series.map((one) => colour(one.colour)),
          borderRadius: 3,
          maxBarThickness: 28
        }]
      },
      options: {
        indexAxis: "y",
        scales: {
          x: {
            ...requests,
            beginAtZero: true,
            ticks: { ...requests.ticks, maxRotation: 0, callback: (value) => count.format(Number(value)) }
          },
          y: { grid: { display: false }, border: requests.border, ticks: { color: colour("--ink") } }
        },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: ({ parsed }) => `${count.format(parsed.x ?? 0)} requests/s` } }
        }
      }
    }),
    new Chart(canvas("latency"), {
      type: "line",
      data: {
        datasets: series.map(({ distribution, load, name, ...one }) => ({
          label: `${name} (${load})`,
          data: distribution.map(([percentage, milliseconds]) => ({ x: rarity(percentage), y: milliseconds })),
          borderColor: colour(one.colour),
          backgroundColor: colour(one.colour),
          borderWidth: 2,
          pointRadius: 0,
          pointHitRadius: 8
        }))
      },
      options: {
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: {
          x: {
            ...rarities,
            type: "logarithmic",
            min: 1,
            max: rarest,
            // The median, and a tick for each further nine.
            afterBuildTicks: (scale) => {
              scale.ticks = [2, 10, 100, 1000, 10_000, 100_000, 1_000_000]
                .filter((value) => value <= rarest)
                .map((value) => ({ value }))
            },
            ticks: { ...rarities.ticks, callback: (value) => percentile(Number(value)) }
          },
          y: { ...axis("milliseconds"), beginAtZero: true }
        },
        plugins: {
          legend: { position: "bottom", align: "start", labels: { boxWidth: 14, boxHeight: 14, padding: 16 } },
          tooltip: {
            callbacks: {
              title: ([item]) => item === undefined ? "" : percentile(item.parsed.x ?? 1),
              label: ({ dataset, parsed }) => ` ${dataset.label}: ${(parsed.y ?? 0).toFixed(3)} ms`
            }
          }
        }
      }
    })
  ]
}

let charts = draw()
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of charts) chart.destroy()
  charts = draw()
})
