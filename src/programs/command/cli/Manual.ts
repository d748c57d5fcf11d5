/** What there is to say of a command, as data: help, the man page and completions are made from it. */
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Span from "@effect/cli/HelpDoc/Span"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as models from "../arguments/models.js"
import * as protocols from "../arguments/protocols.js"
import { defaultIs } from "../arguments/Setting.js"

/** An argument, an option or an example, and what it is for. */
export interface Item {
  /** Such as `MESSAGE...`, `--port PORT` or `-h, --help`. */
  readonly term: string
  readonly text: string
}

export interface Argument extends Item {
  readonly isOptional: boolean
  /** The words to choose from. */
  readonly words: ReadonlyArray<string>
  readonly takesFile: boolean
}

export interface Option extends Item {
  /** Whether it may stand in the environment and in a settings file, too. */
  readonly isSetting: boolean
  readonly names: ReadonlyArray<string>
  readonly takesValue: boolean
  readonly isRepeatable: boolean
  readonly words: ReadonlyArray<string>
  readonly takesFile: boolean
}

export interface Manual {
  readonly name: string
  readonly summary: string
  readonly examples: ReadonlyArray<Item>
  readonly arguments: ReadonlyArray<Argument>
  readonly options: ReadonlyArray<Option>
}

/** Describes a command in a sentence, and by examples that can be pasted. */
export const describe = (
  summary: string,
  examples: NonEmptyReadonlyArray<readonly [command: string, what: string]>
): HelpDoc.HelpDoc =>
  HelpDoc.blocks([
    HelpDoc.p(summary),
    ...examples.map(([command, what]) => HelpDoc.descriptionList([[Span.text(command), HelpDoc.p(what)]]))
  ])

/** How a command is written. */
export const usage = ({ arguments: args, name }: Manual): string =>
  [name, "[OPTION]...", ...args.map(({ isOptional, term }) => isOptional ? `[${term}]` : term)].join(" ")

const spanText = (span: Span.Span): string => {
  switch (span._tag) {
    case "Text":
    case "URI":
      return span.value
    case "Sequence":
      return spanText(span.left) + spanText(span.right)
    default:
      return spanText(span.value)
  }
}

/** The document's blocks, one after the other. */
const blocks = (
  document: HelpDoc.HelpDoc
): ReadonlyArray<Exclude<HelpDoc.HelpDoc, HelpDoc.Sequence | HelpDoc.Empty>> => {
  if (HelpDoc.isSequence(document)) return [...blocks(document.left), ...blocks(document.right)]
  return HelpDoc.isEmpty(document) ? [] : [document]
}

const paragraphs = (document: HelpDoc.HelpDoc): ReadonlyArray<string> =>
  blocks(document).flatMap((block) => block._tag === "Paragraph" ? [spanText(block.value)] : [])

/** The blocks of each section, by its header. */
const sections = (document: HelpDoc.HelpDoc): ReadonlyMap<string, Array<HelpDoc.HelpDoc>> => {
  const found = new Map<string, Array<HelpDoc.HelpDoc>>()
  let section: Array<HelpDoc.HelpDoc> = []
  for (const block of blocks(document)) {
    if (block._tag === "Header") found.set(spanText(block.value), section = [])
    else section.push(block)
  }
  return found
}

const items = (
  blocks: ReadonlyArray<HelpDoc.HelpDoc>
): ReadonlyArray<readonly [term: string, lines: ReadonlyArray<string>]> =>
  blocks.flatMap((block) =>
    block._tag === "DescriptionList"
      ? block.definitions.map(([term, text]) => [spanText(term).trim(), paragraphs(text)] as const)
      : []
  )

/** Of what @effect/cli says of each item, its own words on types and on what is optional are left out. */
const ours = (lines: ReadonlyArray<string>): string =>
  lines.slice(1).filter((line) => !/^This (setting|argument|option) /.test(line)).join(" ")

const all: Readonly<Record<string, ReadonlyArray<string>>> = { MODEL: models.names, PROTOCOL: protocols.names }

/** The models or the protocols that its text names: not every command takes each of them. */
const named = (value: string, text: string): ReadonlyArray<string> | undefined =>
  all[value.replace("...", "")]?.filter((name) => new RegExp(`\\b${name}\\b`).test(text))

const argument = ([term, lines]: readonly [string, ReadonlyArray<string>]): Argument => {
  const plain = term.replaceAll(/[<>]/g, "")
  const text = ours(lines)
  return {
    term: plain,
    text,
    isOptional: plain.endsWith("...") || lines.some((line) => line.startsWith("This setting is optional")),
    words: named(plain, text) ?? [],
    takesFile: /\bpath\b/.test(text)
  }
}

const option = ([term, lines]: readonly [string, ReadonlyArray<string>]): Option => {
  const plain = term.replaceAll(/[()]/g, "")
  const text = ours(lines)
  const names = plain.match(/(?<![\w-])--?\w[\w-]*/g) ?? []
  const value = plain.slice(plain.lastIndexOf(names.at(-1) ?? "") + (names.at(-1) ?? "").length).replace("...", "")
    .trim()
  return {
    term: plain,
    text,
    isSetting: text.includes(defaultIs),
    names,
    takesValue: value !== "",
    isRepeatable: plain.endsWith("..."),
    words: named(value, text) ?? (value.includes("|") ? value.split("|").filter((word) => !/^[A-Z]/.test(word)) : []),
    takesFile: value.startsWith("FILE")
  }
}

/** What every command takes. */
export const common: ReadonlyArray<Option> = [
  { term: "-h, --help", text: "Show this.", names: ["-h", "--help"] },
  { term: "--version", text: "Show the version.", names: ["--version"] }
].map((item) => ({
  ...item,
  isSetting: false,
  takesValue: false,
  isRepeatable: false,
  words: [],
  takesFile: false
}))

const completions: Option = {
  term: "--completions bash|zsh|fish",
  text: "Print what makes that shell complete this command.",
  names: ["--completions"],
  isSetting: false,
  takesValue: true,
  isRepeatable: false,
  words: ["bash", "zsh", "fish"],
  takesFile: false
}

export const make = <Name extends string, R, E, A>(name: string, command: Command.Command<Name, R, E, A>): Manual => {
  const found = sections(Command.getHelp(command, CliConfig.make({ showBuiltIns: false })))
  const description = found.get("DESCRIPTION") ?? []
  const isRoot = found.has("COMMANDS")
  return {
    name,
    summary: description.flatMap(paragraphs).join(" "),
    examples: items(description).map(([term, lines]) => ({ term, text: lines.join(" ") })),
    arguments: items(found.get("ARGUMENTS") ?? []).map(argument),
    options: [...items(found.get("OPTIONS") ?? []).map(option), ...(isRoot ? [completions] : []), ...common]
  }
}
