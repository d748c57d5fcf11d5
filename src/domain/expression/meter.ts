/**
 * Counts what one expression has used of its budget, and stops it before it uses more.
 */
import type { Budget } from "./budget.js"
import { budgetExceeded } from "./raise.js"

/** An operation on big integers costs a step for this many pairs of 64-bit words. */
const pairsPerStep = 64

/** Admits an expression, by its bytes in UTF-8. */
export const requireInput = (expression: string, input: number): void => {
  const { length } = expression
  if (length * 3 <= input || (length <= input && Buffer.byteLength(expression) <= input)) return
  budgetExceeded("input", input, `the expression is longer than ${input} bytes`)
}

export class Meter {
  private readonly budget: Budget
  private fuel: number

  constructor(budget: Budget) {
    this.budget = budget
    this.fuel = budget.fuel
  }

  spend(steps: number): void {
    this.fuel -= steps
    if (!(this.fuel >= 0)) budgetExceeded("fuel", this.budget.fuel, "the expression takes too many steps")
  }

  /** Admits an integer about to be made. */
  integer(bits: number): void {
    if (!(bits <= this.budget.bits)) {
      budgetExceeded("bits", this.budget.bits, `an integer would take more than ${this.budget.bits} bits`)
    }
  }

  /** Charges work on two big integers that grows with the product of their sizes. */
  product(leftBits: number, rightBits: number): void {
    this.spend(1 + Math.ceil(leftBits / 64) * Math.ceil(rightBits / 64) / pairsPerStep)
  }

  /** Admits a tuple or list about to be made, or one that has grown by `added`. */
  sequence(length: number, added = length): void {
    if (!(length <= this.budget.sequence)) {
      budgetExceeded("sequence", this.budget.sequence, `a sequence would have more than ${this.budget.sequence} items`)
    }
    this.spend(added)
  }

  /** Admits a text about to be made, or one that has grown by `added`. */
  text(length: number, added = length): void {
    if (!(length <= this.budget.output)) {
      budgetExceeded("output", this.budget.output, `a text would be longer than ${this.budget.output} characters`)
    }
    this.spend(added / 64)
  }
}
