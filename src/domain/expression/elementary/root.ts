export const cbrt = (x: number): number => Math.cbrt(x)
/** The Euclidean norm of a point, as `math.hypot(*coordinates)`. */
export const hypot = (coordinates: ReadonlyArray<number>): number => Math.hypot(...coordinates)
