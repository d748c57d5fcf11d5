/** Figures as people read them. */

const units = ["B", "kB", "MB", "GB", "TB"]

export const bytes = (count: number): string => {
  let [value, unit] = [count, 0]
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`
}

export const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })

const steps = [[86_400, "d"], [3600, "h"], [60, "min"]] as const

export const elapsed = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const [size, unit] = steps.find(([size]) => seconds >= size) ?? [1, "s"]
  return `${Math.floor(seconds / size)} ${unit}`
}
