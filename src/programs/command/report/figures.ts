/** Figures as people read them. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 })

export const count = (value: number): string => whole.format(value)

/** Three significant digits, in the unit that suits. */
export const time = (milliseconds: number): string =>
  milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(2)} s`
    : milliseconds >= 100
    ? `${milliseconds.toFixed(0)} ms`
    : milliseconds >= 10
    ? `${milliseconds.toFixed(1)} ms`
    : milliseconds >= 1
    ? `${milliseconds.toFixed(2)} ms`
    : `${(milliseconds * 1000).toFixed(0)} µs`
