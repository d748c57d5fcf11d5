/** The file of settings: `switchboard.json`, `.yaml` or `.toml`, in the working directory or the XDG config folder. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { join, resolve } from "node:path"
import { parse as parseToml } from "toml"
import { parse as parseYaml } from "yaml"
import { baseDirectory } from "./baseDirectory.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

export interface SettingsFile {
  readonly path: string
  readonly values: ReadonlyMap<string, string>
}

// Static imports, though rarely needed: @effect/cli loads both in any case.
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  json: (text) => JSON.parse(text),
  yaml: (text) => parseYaml(text),
  toml: (text) => parseToml(text)
}

/** Where a file may be, the first that exists being the one. */
const places = (environment: Readonly<Record<string, string | undefined>>): ReadonlyArray<string> => {
  const config = baseDirectory(environment["XDG_CONFIG_HOME"], ".config")
  return [resolve(), config, join(config, "switchboard")].flatMap((folder) =>
    Object.keys(parsers).map((extension) => join(folder, `switchboard.${extension}`))
  )
}

const problem = (path: string, words: string): UsageError =>
  new UsageError({ message: `The settings in ${path} ${words}` })

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!

const check = (
  path: string,
  content: unknown,
  known: ReadonlyArray<string>
): Effect.Effect<SettingsFile, UsageError> => {
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return problem(path, "must be names and values, such as port: 5000.")
  }
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(content)) {
    if (!known.includes(name)) return problem(path, `have no '${name}': ${suggest(name, known)}`)
    if (typeof value === "object") return problem(path, `must give '${name}' one value.`)
    values.set(name, String(value))
  }
  return Effect.succeed({ path, values })
}

const parse = (path: string, text: string, known: ReadonlyArray<string>): Effect.Effect<SettingsFile, UsageError> =>
  Effect.flatMap(
    Effect.try({
      try: () => parsers[path.slice(path.lastIndexOf(".") + 1)]!(text),
      catch: (cause) => problem(path, `could not be understood: ${wordsOf(cause)}`)
    }),
    (content) => check(path, content, known)
  )

const read = (
  path: string,
  known: () => ReadonlyArray<string>
): Effect.Effect<Option.Option<SettingsFile>, UsageError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    // A folder that is closed to this user holds no settings of theirs; a file that is closed is a mistake.
    const exists = yield* Effect.isSuccess(files.access(path))
    if (!exists) return Option.none()
    const text = yield* files.readFileString(path).pipe(
      Effect.mapError((error) => problem(path, `could not be read: ${error.message}`))
    )
    return Option.some(yield* parse(path, text, known()))
  })

/** The settings file, if there is one. Its names must be `known`. */
export const find = (
  environment: Readonly<Record<string, string | undefined>>,
  known: () => ReadonlyArray<string>
): Effect.Effect<Option.Option<SettingsFile>, UsageError, FileSystem.FileSystem> =>
  Effect.reduce(
    places(environment),
    Option.none<SettingsFile>(),
    (found, path) => Option.isSome(found) ? Effect.succeed(found) : read(path, known)
  )
