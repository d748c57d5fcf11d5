/**
 * What one expression may take. Synchronous code cannot be interrupted, so the evaluator counts.
 *
 * @since 0.1.0
 */

/**
 * What one expression may take. What goes over it fails with `BudgetExceeded`, which names the limit.
 *
 * @since 0.1.0
 * @category models
 */
export interface Budget {
  /**
   * Steps of work, some 25 ns each: one an operation, more where the work grows with its operands. What is made costs a
   * step for 32 bytes, so that fuel bounds memory, too. Default 200,000.
   */
  readonly fuel: number
  /** Size of the largest integer, in bits, judged before it is computed. Default 65,536. */
  readonly bits: number
  /** Brackets open at once. Python has the same limit. Default 200. */
  readonly brackets: number
  /** Other nesting: signs, powers, conditionals, values inside values. Default 600. */
  readonly depth: number
  /** Items of the longest tuple or list. Default 10,000. */
  readonly sequence: number
  /** Length of the expression, in bytes of UTF-8. Default 4,096. */
  readonly input: number
  /** Length of the answer, and of any text on the way to it, in UTF-16 units. Default 65,536. */
  readonly output: number
}

/**
 * Enough for any sum a person types, and under 20 ms and 64 MiB for any that is meant to harm.
 *
 * @since 0.1.0
 * @category constructors
 */
export const defaultBudget: Budget = {
  fuel: 200_000,
  bits: 65_536,
  brackets: 200,
  depth: 600,
  sequence: 10_000,
  input: 4_096,
  output: 65_536
}

/**
 * A whole budget from the parts given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const withDefaults = (budget: Partial<Budget>): Budget =>
  isWhole(budget) ? budget : { ...defaultBudget, ...budget }

const isWhole = (budget: Partial<Budget>): budget is Budget =>
  budget === defaultBudget || Object.keys(defaultBudget).every((part) => part in budget)
