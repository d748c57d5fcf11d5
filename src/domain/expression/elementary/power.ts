/** C's `pow`: unlike `**`, 1 to any power and (-1) to an infinite one are 1. */
export const pow = (x: number, y: number): number =>
  x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y
