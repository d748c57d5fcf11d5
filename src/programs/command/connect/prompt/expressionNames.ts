import { names } from "../../../../domain/expression/library/names.js"
import { Module } from "../../../../domain/expression/values/values.js"

/** The names that an expression may use, for who completes them. */
export const expressionNames: ReadonlyArray<string> = Array.from(names).flatMap(([name, value]) =>
  value instanceof Module ? [name, ...Array.from(value.members.keys(), (member) => `${name}.${member}`)] : [name]
)
