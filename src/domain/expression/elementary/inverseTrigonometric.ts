export const acos = (x: number): number => Math.acos(x)
export const asin = (x: number): number => Math.asin(x)
export const atan = (x: number): number => Math.atan(x)
export const atan2 = (y: number, x: number): number => Math.atan2(y, x)
