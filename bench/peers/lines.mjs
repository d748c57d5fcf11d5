/** The lines of a log, as many as are asked for, without their ends. */
export const lines = function*(count) {
  for (let number = 0; number < count; number++) yield `2026-11-21T12:00:00Z request ${number} answered`
}
