/** How a client's end is marked in a chart, as a path around 0 0: a tick, a cross and a block. */
export const endShapes = {
  done: "M-5 0 L-1.5 4 L5.5 -5",
  refused: "M-4.5 -4.5 L4.5 4.5 M4.5 -4.5 L-4.5 4.5",
  closed: "M-4 -4 H4 V4 H-4 Z"
}
