/**
 * The file of settings: `switchboard.json`, `.yaml`, `.yml` or `.toml`, in the working directory or the XDG config folder,
 * or whichever file was named.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { existsSync } from "node:fs"
import { extname, join, resolve } from "node:path"
import { parse as parseToml } from "toml"
import { parse as parseYaml } from "yaml"
import { baseDirectory } from "./baseDirectory.js"
import * as smallFile from "./smallFile.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

export interface SettingsFile {
  readonly path: string
  readonly values: ReadonlyMap<string, string>
}

/** What the environment and the words of the command line say about where it is. */
export interface Place {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The file that was named, if one was. */
  readonly given: string | undefined
}

const yaml = (text: string): unknown => parseYaml(text, { logLevel: "error" })

// Static imports, though rarely needed: @effect/cli loads both in any case.
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  ".json": (text) => JSON.parse(text),
  ".yaml": yaml,
  ".yml": yaml,
  ".toml": (text) => parseToml(text)
}

const extensions = Object.keys(parsers)

/** The places where a file may be, each with its files: the first place that has one has the settings. */
const places = (environment: Place["environment"]): ReadonlyArray<ReadonlyArray<string>> => {
  const config = baseDirectory(environment["XDG_CONFIG_HOME"], ".config")
  return [[resolve()], [config, join(config, "switchboard")]].map((folders) =>
    folders.flatMap((folder) => extensions.map((extension) => join(folder, `switchboard${extension}`)))
  )
}

const problem = (path: string, words: string): UsageError =>
  new UsageError({ message: `The settings in ${path} ${words}` })

/** What a parser says of a fault, and the line it is in, where that says neither. */
const fault = (cause: unknown, text: string): string => {
  // Node 22 says the line of a fault in JSON, too, and Node 20 does not.
  const words = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!
    .replace(/[.:]$| \(line \d+ column \d+\)$/, "")
  if (/\bline \d/.test(words)) return `${words}.`
  const { line, location } = cause as {
    readonly line?: number
    readonly location?: { readonly start: { readonly line: number } }
  }
  const [, position] = / at position (\d+)/.exec(words) ?? []
  const where = position === undefined
    ? location?.start.line ?? line
    : text.slice(0, Number(position)).split("\n").length
  return where === undefined ? `${words}.` : `${words}, in line ${where}.`
}

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

const parse = (path: string, text: string, known: ReadonlyArray<string>): Effect.Effect<SettingsFile, UsageError> => {
  const parser = parsers[extname(path)]
  if (parser === undefined) {
    return problem(path, `could not be understood: its name must end in ${extensions.join(", ")}.`)
  }
  const plain = text.replace(/^\ufeff/, "")
  return Effect.flatMap(
    // A YAML file of comments alone is null.
    Effect.try({
      try: () => parser(plain) ?? {},
      catch: (cause) => problem(path, `could not be understood: ${fault(cause, plain)}`)
    }),
    (content) => check(path, content, known)
  )
}

/** The file's text; none if there is no such file. */
const read = (path: string): Effect.Effect<Option.Option<string>, UsageError> =>
  smallFile.read(path).pipe(
    Effect.asSome,
    Effect.catchAll(({ code, reason }) =>
      // In a folder that is closed to this user there are no settings of theirs; a file that is closed is a mistake.
      code === "ENOENT" || code === "ENOTDIR" || (code === "EACCES" && !existsSync(path))
        ? Effect.succeedNone :
        new UsageError({ message: `The settings file ${path} ${reason}` })
    )
  )

/** The one file of a place that there is. */
const findAt = (paths: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const texts = yield* Effect.forEach(paths, (path) => Effect.map(read(path), Option.map((text) => ({ path, text }))))
    const [first, second] = texts.flatMap(Option.toArray)
    return second === undefined
      ? Option.fromNullable(first)
      : yield* new UsageError({ message: `There are two settings files, ${first!.path} and ${second.path}: keep one.` })
  })

/** The settings file, if there is one. Its names must be `known`. */
export const find = (
  { environment, given }: Place,
  known: () => ReadonlyArray<string>
): Effect.Effect<Option.Option<SettingsFile>, UsageError> =>
  Effect.gen(function*() {
    if (given !== undefined) {
      const text = yield* read(given)
      return Option.isNone(text)
        ? yield* new UsageError({ message: `There is no settings file ${given}.` })
        : Option.some(yield* parse(resolve(given), text.value, known()))
    }
    for (const paths of places(environment)) {
      const found = yield* findAt(paths)
      if (Option.isSome(found)) return Option.some(yield* parse(found.value.path, found.value.text, known()))
    }
    return Option.none()
  })
