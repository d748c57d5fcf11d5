import { expect, it } from "@effect/vitest"
import { pathOf, verbOf } from "../../../examples/mail/commands.js"

it("A command is a word and what follows it", () => {
  expect(verbOf("ehlo mail.example.org ")).toEqual(["EHLO", "mail.example.org"])
  expect(verbOf("QUIT")).toEqual(["QUIT", ""])
  for (const text of ["", " ", "MAIL:", "1", "É"]) expect(verbOf(text)).toEqual(["", ""])
})

it.each<["FROM" | "TO", string, string, ReadonlyArray<[string, string]>]>([
  ["FROM", "FROM:<ada@example.org>", "ada@example.org", []],
  ["FROM", "from: <>", "", []],
  ["FROM", "FROM:<a@b> SIZE=10 body=8BITMIME", "a@b", [["SIZE", "10"], ["BODY", "8BITMIME"]]],
  ["TO", "TO:<@one.example,@two.example:ada@example.org>", "ada@example.org", []],
  ["TO", "TO:<\"a b>c\\\"d\"@example.org>", "\"a b>c\\\"d\"@example.org", []],
  ["TO", "TO:<Postmaster>", "Postmaster", []]
])("%s: %s", (keyword, text, mailbox, parameters) => {
  expect(pathOf(keyword, text)).toEqual({ mailbox, parameters: new Map(parameters) })
})

it.each<["FROM" | "TO", string]>([
  ["FROM", "TO:<a@b>"],
  ["TO", "TO:<>"],
  ["TO", "TO:<ada>"],
  ["TO", "TO:<@b>"],
  ["TO", "TO:ada@example.org"],
  ["FROM", "FROM:<a@b"],
  ["FROM", "FROM:<a b@c>"],
  ["FROM", "FROM:<postmaster@>"],
  ["FROM", "FROM:<a@b>SIZE=1"],
  ["FROM", ""]
])("%s does not begin with a path in: %s", (keyword, text) => {
  expect(pathOf(keyword, text)).toBeUndefined()
})
