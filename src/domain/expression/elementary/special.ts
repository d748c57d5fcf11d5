// Stirling's and Taylor's series, to be replaced.
export const erf = (x: number): number => {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; n < 200; n++) {
    term *= -x * x / n
    sum += term / (2 * n + 1)
  }
  return 2 * sum / Math.sqrt(Math.PI)
}
export const erfc = (x: number): number => 1 - erf(x)
export const lgamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x)
  let shift = 0
  let y = x
  for (; y < 20; y++) shift += Math.log(y)
  const s = 1 / (y * y)
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2
    + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / y - shift
}
export const gamma = (x: number): number => {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x))
  return Math.exp(lgamma(x))
}
