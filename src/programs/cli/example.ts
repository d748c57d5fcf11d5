import * as HelpDoc from "@effect/cli/HelpDoc"

/** A paragraph of a command's help: what is done, and the line to paste that does it. */
export const example = (does: string, command: string): HelpDoc.HelpDoc => HelpDoc.p(`${does}\n  ${command}`)
