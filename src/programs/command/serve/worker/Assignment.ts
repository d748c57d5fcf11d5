/** What a worker is told at its start by the supervisor, in its environment. */
import * as Option from "effect/Option"
import type { SettingsFile } from "../../arguments/SettingsFile.js"
import type { Look } from "../../console/Console.js"
import type { Place } from "../places.js"

export interface Assignment {
  /** From 1 up, in the order of their starts: no two workers of a service have the same. */
  readonly number: number
  /** Which part of the service's limits is its own, from 1 up, and of how many. */
  readonly part: number
  readonly of: number
  /** The settings file as the supervisor has read it: a worker that replaces another is to do the same. */
  readonly file: {
    readonly path: string
    readonly values: ReadonlyArray<readonly [name: string, text: string]>
  } | undefined
  /** Where to listen: each has its descriptor. */
  readonly places: ReadonlyArray<Place>
  /** How the log looks that its lines go into. */
  readonly log: Look
}

const variable = "SWITCHBOARD_WORKER"

export const inEnvironment = (assignment: Assignment): Readonly<Record<string, string>> => ({
  [variable]: JSON.stringify(assignment)
})

/** Not to be handed down to what this process may start. */
const take = (): Assignment | undefined => {
  const { [variable]: text } = process.env
  delete process.env[variable]
  return text === undefined || process.send === undefined ? undefined : JSON.parse(text) as Assignment
}

let own: { readonly assignment: Assignment | undefined } | undefined

/** This process's, if it is a worker. */
export const current = (): Assignment | undefined => (own ??= { assignment: take() }).assignment

/** The settings file that a worker is to go by. */
export const file = ({ file }: Assignment): Option.Option<SettingsFile> =>
  Option.map(Option.fromNullable(file), ({ path, values }) => ({ path, values: new Map(values) }))
