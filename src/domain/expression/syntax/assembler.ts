/**
 * Puts a {@link Program} together.
 */
import * as program from "../run/program.js"
import type { Value } from "../values/values.js"

export class Assembler {
  private readonly code: Array<number> = []
  private readonly constants: Array<Value> = []
  private readonly names: Array<string> = []
  private readonly argumentNames: Array<ReadonlyArray<string>> = []

  get length(): number {
    return this.code.length
  }

  emit(instruction: number, operand: number): void {
    this.code.push(instruction, operand)
  }

  constant(value: Value): void {
    this.emit(program.CONSTANT, this.constants.push(value) - 1)
  }

  name(name: string, instruction: number): void {
    this.emit(instruction, this.names.push(name) - 1)
  }

  keywords(names: ReadonlyArray<string>): void {
    this.emit(program.KEYWORDS, this.argumentNames.push(names) - 1)
  }

  /** Emits a jump, to be aimed by calling the result once its target is reached. */
  jump(instruction: number): () => void {
    this.emit(instruction, 0)
    const from = this.code.length
    return () => {
      this.code[from - 1] = this.code.length - from
    }
  }

  /** Takes out the code from there on, to be pasted elsewhere: jumps are relative. */
  cut(start: number): ReadonlyArray<number> {
    return this.code.splice(start)
  }

  paste(code: ReadonlyArray<number>): void {
    for (const part of code) this.code.push(part)
  }

  program(): program.Program {
    return { code: this.code, constants: this.constants, names: this.names, keywords: this.argumentNames }
  }
}
