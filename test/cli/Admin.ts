/** One who asks at an admin port. */
import * as Effect from "effect/Effect"
import { request } from "node:http"
import type { IncomingMessage } from "node:http"
import type { Frame } from "../../src/programs/command/admin/live/Frame.js"

/** `unix:PATH`, or a URL. */
export type Place = string

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

export interface Question {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}

const open = (place: Place, path: string, { body, headers = {}, method = "GET" }: Question) => {
  const socketPath = place.startsWith("unix:") ? place.slice(5) : undefined
  const asked = request(socketPath === undefined ? new URL(path, place) : new URL(path, "http://localhost"), {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    socketPath,
    agent: false
  })
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  return asked
}

export const ask = (place: Place, path: string, question: Question = {}): Effect.Effect<Answer, Error> =>
  Effect.async((resume) => {
    const asked = open(place, path, question)
    asked.on("error", (error) => resume(Effect.fail(error)))
    asked.on("response", (response) => {
      let body = ""
      response.setEncoding("utf8").on("data", (text: string) => body += text)
      response.on(
        "end",
        () => resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, body }))
      )
    })
  })

/** What an answer says as JSON. */
export const json = (place: Place, path: string, question: Question = {}) =>
  Effect.map(ask(place, path, question), ({ body, status }): { readonly status: number; readonly body: unknown } => ({
    status,
    body: JSON.parse(body)
  }))

/** Waits until an endless answer has said what has that pattern, or is as it should. */
export const listen = (place: Place, path: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const asked = open(place, path, {})
        asked.on("error", () => {})
        return asked
      }),
      (asked) => Effect.sync(() => asked.destroy())
    ),
    (asked) => {
      let text = ""
      let look: (() => void) | undefined = undefined
      asked.on("response", (response) => {
        response.on("error", () => {})
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk
          look?.()
        })
      })
      return (pattern: RegExp | ((text: string) => boolean)): Effect.Effect<void> =>
        Effect.async((resume) => {
          look = () => {
            if (typeof pattern === "function" ? pattern(text) : pattern.test(text)) resume(Effect.void)
          }
          look()
        })
    }
  )

/** Waits for a frame of the live page that is so. */
export const frames = (place: Place) =>
  Effect.map(listen(place, "/live"), (heard) => (isSo: (frame: Frame) => boolean) => {
    let found: Frame | undefined = undefined
    return Effect.map(
      heard((text) => {
        const all = Array.from(text.matchAll(/^event: frame\ndata: (.*)\n\n/gm), ([, data]): Frame => JSON.parse(data!))
        found = all.find(isSo)
        return found !== undefined
      }),
      () => found!
    )
  })
