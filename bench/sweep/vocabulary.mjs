// The evaluator's own tables, as built.
import { callables } from "../../dist/domain/expression/library/names.js"
import { binarySymbols, relationSymbols, unarySymbols } from "../../dist/domain/expression/run/program.js"

export const vocabulary = { callables, binary: binarySymbols, relations: relationSymbols, unary: unarySymbols }
