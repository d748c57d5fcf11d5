/** A setting: a flag of the command, which may also stand in the environment or in a file. */
import * as Args from "@effect/cli/Args"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SettingsFile } from "./SettingsFile.js"
import type { UsageError } from "./UsageError.js"
import type { Read } from "./Value.js"

export interface Setting<A> {
  /** The flag without its dashes, the key in a file, and in the environment `SWITCHBOARD_` and the name in capitals. */
  readonly name: string
  readonly description: string
  /** What stands for the value in help: `PORT`, or the words to choose from. A flag without a value has none. */
  readonly placeholder: string | undefined
  /** The words to choose from, for those who complete them. */
  readonly choices: ReadonlyArray<string>
  /** The default, as it would be written. */
  readonly fallback: string
  readonly read: Read<A>
  /** Whether the flag may be given again: that is the same as with commas between the values. Default: it may not. */
  readonly isRepeatable?: boolean | undefined
}

/** A value of a setting, and where it came from. */
export interface Chosen<A> {
  readonly name: string
  readonly value: A
  readonly text: string
  /** Such as `--port`, `SWITCHBOARD_PORT`, the path of a file, or `default`. */
  readonly source: string
}

/** What the environment and the settings file say, which is read when it is first asked for; and the settings there are. */
export class Sources extends Context.Reference<Sources>()("effect-switchboard/cli/Sources", {
  defaultValue: (): {
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly file: Effect.Effect<Option.Option<SettingsFile>, UsageError>
    /** Their names, of any command. */
    readonly known: () => ReadonlyArray<string>
  } => ({ environment: {}, file: Effect.succeedNone, known: () => [] })
}) {}

/** What in the help of a setting comes before its default. */
export const defaultIs = "(default "

export const variable = (name: string): string => `SWITCHBOARD_${name.replaceAll("-", "_").toUpperCase()}`

/** What is written of a setting, where that is, and how a complaint about it begins. */
type Found = readonly [text: string, source: string, subject: string]

const find = (name: string, fallback: string): Effect.Effect<Found, UsageError> =>
  Effect.flatMap(Sources, ({ environment, file }) => {
    const inEnvironment = environment[variable(name)]
    if (inEnvironment !== undefined) return Effect.succeed([inEnvironment, variable(name), variable(name)])
    return Effect.map(file, (file): Found => {
      const inFile = Option.flatMap(
        file,
        ({ path, values }) => Option.map(Option.fromNullable(values.get(name)), (text) => [text, path] as const)
      )
      return Option.match(inFile, {
        onNone: () => [fallback, "default", name],
        onSome: ([text, path]) => [text, path, `'${name}' in ${path}`]
      })
    })
  })

const invalid = (sentence: string): ValidationError.ValidationError => ValidationError.invalidValue(HelpDoc.p(sentence))

const flagOf = <A>({ isRepeatable, name, placeholder }: Setting<A>): Options.Options<Option.Option<string>> => {
  if (placeholder === undefined) {
    return Options.map(Options.boolean(name), (isGiven) => isGiven ? Option.some("true") : Option.none())
  }
  const text = Options.withPseudoName(Options.text(name), placeholder)
  return isRepeatable === true
    ? Options.map(Options.repeated(text), (words) => words.length === 0 ? Option.none() : Option.some(words.join()))
    : Options.optional(text)
}

/** Flag, then environment, then file, then default. */
export const chosen = <A>(setting: Setting<A>): Options.Options<Chosen<A>> => {
  const { description, fallback, name } = setting
  return Options.mapEffect(
    Options.withDescription(flagOf(setting), `${description} ${defaultIs}${fallback})`),
    Option.match({
      onNone: () => Effect.mapError(find(name, fallback), ({ message }) => invalid(message)),
      onSome: (text) => Effect.succeed<Found>([text, `--${name}`, `--${name}`])
    })
  ).pipe(
    Options.mapEffect(([text, source, subject]) =>
      Effect.mapBoth(setting.read(text), {
        onFailure: (problem) => invalid(`${subject} ${problem}`),
        onSuccess: (value) => ({ name, value, text, source })
      })
    )
  )
}

/** A flag that says something of this one run, and so stands in no environment and in no file. */
export const once = <A>(
  name: string,
  placeholder: string,
  description: string,
  read: Read<A>
): Options.Options<A | undefined> =>
  Options.text(name).pipe(
    Options.withPseudoName(placeholder),
    Options.mapEffect((text) => Effect.mapError(read(text), (problem) => invalid(`--${name} ${problem}`))),
    Options.optional,
    Options.map(Option.getOrUndefined),
    Options.withDescription(description)
  )

/** An argument that may be left out: then as it is in the environment or the file, or else the fallback. */
export const orElsewhere = (
  argument: Args.Args<string>,
  term: string,
  name: string,
  fallback: string
): Args.Args<Chosen<string>> =>
  Args.mapEffect(
    Args.optional(argument),
    Option.match({
      onNone: () =>
        Effect.mapBoth(find(name, fallback), {
          onFailure: ({ message }) => HelpDoc.p(message),
          onSuccess: ([text, source]) => ({ name, value: text, text, source })
        }),
      onSome: (text) => Effect.succeed({ name, value: text, text, source: term })
    })
  )

/** The value alone, for a command to whom it is all the same where it came from. */
export const option = <A>(setting: Setting<A>): Options.Options<A> => Options.map(chosen(setting), ({ value }) => value)
