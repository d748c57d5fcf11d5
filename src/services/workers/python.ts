import type { Budget } from "../../domain/expression/budget.js"
import { evaluate } from "../../domain/expression/evaluate.js"
import type { Answer } from "./messages.js"

export const make = (budget: Budget): Answer => (expression) => evaluate(expression, budget)
