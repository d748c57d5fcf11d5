import { glob } from "./glob.js"
import type { Reply } from "./resp.js"
import { Failure, Status } from "./resp.js"
import type { Store } from "./Store.js"

/** A command that asks nothing but the store. */
interface Command {
  /** Arguments behind its name. */
  readonly least: number
  readonly most: number
  readonly run: (store: typeof Store.Service, words: ReadonlyArray<string>) => Reply
}

export const ok = new Status("OK")
const pong = new Status("PONG")
const syntaxError = new Failure("ERR syntax error")
const notInteger = new Failure("ERR value is not an integer or out of range")

const mostInteger = 2n ** 63n - 1n
const leastInteger = -(2n ** 63n)

/** An integer of 64 bits, written as Redis writes one. */
const integerOf = (text: string): bigint | undefined => {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return undefined
  const value = BigInt(text)
  return value >= leastInteger && value <= mostInteger ? value : undefined
}

/** A time in milliseconds; NaN if it is none. */
const millisOf = (text: string, unit: number): number => {
  const value = integerOf(text)
  const millis = value === undefined ? Number.NaN : Number(value) * unit
  return Number.isSafeInteger(millis) ? millis : Number.NaN
}

const set: Command["run"] = (store, [key = "", value = "", ...options]) => {
  let millis: number | undefined
  let isNew = false
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!.toUpperCase()
    if (option === "NX") {
      isNew = true
    } else if ((option === "EX" || option === "PX") && millis === undefined && at + 1 < options.length) {
      millis = millisOf(options[++at]!, option === "EX" ? 1000 : 1)
      if (Number.isNaN(millis)) return notInteger
      if (millis <= 0) return new Failure("ERR invalid expire time in 'set' command")
    } else {
      return syntaxError
    }
  }
  if (isNew && store.get(key) !== undefined) return null
  store.set(key, value, millis)
  return ok
}

const increment: Command["run"] = (store, [key = ""]) => {
  const text = store.get(key) ?? "0"
  // Most are small: ten digits need no BigInt.
  if (/^(?:0|[1-9]\d{0,9})$/.test(text)) {
    const value = Number(text) + 1
    store.replace(key, String(value))
    return value
  }
  const value = integerOf(text)
  if (value === undefined) return notInteger
  if (value === mostInteger) return new Failure("ERR increment or decrement would overflow")
  store.replace(key, String(value + 1n))
  return value + 1n
}

const expire: Command["run"] = (store, [key = "", seconds = ""]) => {
  const millis = millisOf(seconds, 1000)
  return Number.isNaN(millis) ? notInteger : store.expire(key, millis) ? 1 : 0
}

const timeToLive: Command["run"] = (store, [key = ""]) => {
  const left = store.left(key)
  return left === undefined ? -2 : left === Infinity ? -1 : Math.round(left / 1000)
}

const keys: Command["run"] = (store, [pattern = ""]) => store.keys().filter(glob(pattern))

const table: Readonly<Record<string, Command>> = {
  PING: { least: 0, most: 1, run: (_, [text]) => text ?? pong },
  ECHO: { least: 1, most: 1, run: (_, [text = ""]) => text },
  GET: { least: 1, most: 1, run: (store, [key = ""]) => store.get(key) ?? null },
  SET: { least: 2, most: Infinity, run: set },
  DEL: { least: 1, most: Infinity, run: (store, keys) => keys.filter((key) => store.delete(key)).length },
  INCR: { least: 1, most: 1, run: increment },
  EXPIRE: { least: 2, most: 2, run: expire },
  TTL: { least: 1, most: 1, run: timeToLive },
  MGET: { least: 1, most: Infinity, run: (store, keys) => keys.map((key) => store.get(key) ?? null) },
  KEYS: { least: 1, most: 1, run: keys }
}

const commands = new Map(Object.entries(table))

export const wrongNumber = (name: string): Failure =>
  new Failure(`ERR wrong number of arguments for '${name.toLowerCase()}' command`)

/** Runs a command, whose name is in capitals. */
export const run = (store: typeof Store.Service, name: string, words: ReadonlyArray<string>): Reply => {
  const command = commands.get(name)
  if (command === undefined) return new Failure(`ERR unknown command '${name}'`)
  if (words.length < command.least || words.length > command.most) return wrongNumber(name)
  return command.run(store, words)
}
