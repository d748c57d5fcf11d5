/**
 * Runs a {@link Program} on a stack.
 */
import { attribute } from "../library/attributes.js"
import { invoke, noKeywords } from "../library/calls.js"
import { names } from "../library/names.js"
import type { Meter } from "../meter.js"
import { subscript } from "../operators/sequences.js"
import { unknownName } from "../raise.js"
import { List, Slice, truth, Tuple, type Value } from "../values/values.js"
import * as program from "./program.js"

const lookUp = (name: string): Value => {
  const value = names.get(name)
  return value === undefined ? unknownName(name) : value
}

export const run = ({ code, constants, keywords, names: referred }: program.Program, meter: Meter): Value => {
  const stack: Array<Value> = []
  const take = (count: number): Array<Value> => stack.splice(stack.length - count, count)
  let argumentNames: ReadonlyArray<string> = []
  // Nothing loops, so no instruction runs twice.
  meter.spend(code.length / 2)
  for (let at = 0; at < code.length; at += 2) {
    const operand = code[at + 1]!
    switch (code[at]) {
      case program.CONSTANT:
        stack.push(constants[operand]!)
        break
      case program.NAME:
        stack.push(lookUp(referred[operand]!))
        break
      case program.BINARY: {
        const right = stack.pop()!
        stack.push(program.binary[operand]!(stack.pop()!, right, meter))
        break
      }
      case program.UNARY:
        stack.push(program.unary[operand]!(stack.pop()!, meter))
        break
      case program.COMPARE: {
        const right = stack.pop()!
        stack.push(program.relations[operand]!(stack.pop()!, right, meter))
        break
      }
      case program.CHAIN: {
        const right = stack.pop()!
        const holds = program.relations[operand]!(stack.pop()!, right, meter)
        stack.push(holds ? right : false)
        if (holds) at += 2
        break
      }
      case program.AND:
        if (truth(stack.at(-1)!)) stack.pop()
        else at += operand
        break
      case program.OR:
        if (truth(stack.at(-1)!)) at += operand
        else stack.pop()
        break
      case program.BRANCH:
        if (!truth(stack.pop()!)) at += operand
        break
      case program.JUMP:
        at += operand
        break
      case program.TUPLE:
        meter.spend(meter.sequence(operand))
        stack.push(new Tuple(take(operand)))
        break
      case program.LIST:
        meter.spend(meter.sequence(operand))
        stack.push(new List(take(operand)))
        break
      case program.SLICE: {
        const step = stack.pop()!
        const stop = stack.pop()!
        stack.push(new Slice(stack.pop()!, stop, step))
        break
      }
      case program.SUBSCRIPT: {
        const key = stack.pop()!
        stack.push(subscript(stack.pop()!, key, meter))
        break
      }
      case program.ATTRIBUTE:
        stack.push(attribute(stack.pop()!, referred[operand]!))
        break
      case program.KEYWORDS:
        argumentNames = keywords[operand]!
        break
      case program.CALL: {
        const args = take(operand)
        const named = argumentNames.length === 0 ? noKeywords : new Map(
          argumentNames.map((name, index) => [name, args[args.length - argumentNames.length + index]!])
        )
        args.length -= named.size
        argumentNames = []
        stack.push(invoke(stack.pop()!, args, named, meter))
        break
      }
    }
  }
  return stack.pop()!
}
