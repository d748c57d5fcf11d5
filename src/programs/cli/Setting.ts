/** A setting: a flag of the command, which may also stand in the environment or in a file. */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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
}

/** A value of a setting, and where it came from. */
export interface Chosen<A> {
  readonly name: string
  readonly value: A
  readonly text: string
  /** Such as `--port`, `SWITCHBOARD_PORT`, the path of a file, or `default`. */
  readonly source: string
}

/** What the environment and the settings file say. */
export class Sources extends Context.Reference<Sources>()("effect-switchboard/cli/Sources", {
  defaultValue: (): {
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly file: { readonly path: string; readonly values: ReadonlyMap<string, string> } | undefined
  } => ({ environment: process.env, file: undefined })
}) {}

export const variable = (name: string): string => `SWITCHBOARD_${name.replaceAll("-", "_").toUpperCase()}`

const find = (
  setting: Setting<unknown>,
  flag: Option.Option<string>,
  { environment, file }: typeof Sources.Service
): readonly [text: string, source: string] => {
  const inEnvironment = environment[variable(setting.name)]
  const inFile = file?.values.get(setting.name)
  if (Option.isSome(flag)) return [flag.value, `--${setting.name}`]
  if (inEnvironment !== undefined) return [inEnvironment, variable(setting.name)]
  if (file !== undefined && inFile !== undefined) return [inFile, file.path]
  return [setting.fallback, "default"]
}

/** Flag, then environment, then file, then default. */
export const chosen = <A>(setting: Setting<A>): Options.Options<Chosen<A>> => {
  const flag: Options.Options<Option.Option<string>> = setting.placeholder === undefined
    ? Options.map(Options.boolean(setting.name), (isGiven) => isGiven ? Option.some("true") : Option.none())
    : Options.text(setting.name).pipe(Options.withPseudoName(setting.placeholder), Options.optional)
  return Options.mapEffect(
    Options.withDescription(flag, setting.description),
    (given) =>
      Effect.flatMap(Sources, (sources) => {
        const [text, source] = find(setting, given, sources)
        const place = source.startsWith("--") || source === variable(setting.name)
          ? source
          : `'${setting.name}' in ${source}`
        return setting.read(text).pipe(
          Effect.mapBoth({
            onFailure: (problem) => ValidationError.invalidValue(HelpDoc.p(`${place} ${problem}`)),
            onSuccess: (value) => ({ name: setting.name, value, text, source })
          })
        )
      })
  )
}

/** The value alone, for a command to whom it is all the same where it came from. */
export const option = <A>(setting: Setting<A>): Options.Options<A> => Options.map(chosen(setting), ({ value }) => value)
