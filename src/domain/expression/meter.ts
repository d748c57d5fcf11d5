/**
 * Counts what one expression has used of its budget, and stops it before it uses more.
 */
import type { Budget } from "./budget.js"
import { budgetExceeded } from "./raise.js"

/** Admits an expression, by its bytes in UTF-8. */
export const requireInput = (expression: string, input: number): void => {
  const { length } = expression
  if (length * 3 <= input || (length <= input && Buffer.byteLength(expression) <= input)) return
  budgetExceeded("input", input, `the expression is longer than ${input} bytes`)
}

/** What is made costs a step for so many bytes, so that fuel bounds all that one evaluation can hold at once. */
const bytesPerStep = 32

export class Meter {
  readonly budget: Budget
  private left: number

  constructor(budget: Budget) {
    this.budget = budget
    this.left = budget.fuel
  }

  /** The steps paid for. What was refused was not done. */
  get used(): number {
    return this.budget.fuel - this.left
  }

  /** Begins another evaluation. */
  refill(): void {
    this.left = this.budget.fuel
  }

  /** Pays for work about to be done. */
  spend(steps: number): void {
    const left = this.left - steps
    if (!(left >= 0)) budgetExceeded("fuel", this.budget.fuel, "the expression takes too many steps")
    this.left = left
  }

  /** Counts work that must be done whatever it costs, and that something other than fuel bounds. */
  count(steps: number): void {
    this.left = Math.max(0, this.left - steps)
  }

  /** The steps that making an integer takes. Fails where it would be too large. */
  integer(bits: number): number {
    if (!(bits <= this.budget.bits)) {
      budgetExceeded("bits", this.budget.bits, `an integer would take more than ${this.budget.bits} bits`)
    }
    return bits / 8 / bytesPerStep
  }

  /** The steps that making a tuple or list takes, or of making it longer by `added`. Fails where it would be too long. */
  sequence(length: number, added = length): number {
    if (!(length <= this.budget.sequence)) {
      budgetExceeded("sequence", this.budget.sequence, `a sequence would have more than ${this.budget.sequence} items`)
    }
    return added * 16 / bytesPerStep
  }

  /** The steps that making a text takes, or of making it longer by `added`. Fails where it would be too long. */
  text(length: number, added = length): number {
    if (!(length <= this.budget.output)) {
      budgetExceeded("output", this.budget.output, `a text would be longer than ${this.budget.output} characters`)
    }
    return added * 2 / bytesPerStep
  }
}
