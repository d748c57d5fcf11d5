/** Asks the server to change something, or to show what is private. What it says against it is shown. */
import type { Terms } from "../live/Frame.js"
import { element, say } from "./elements.js"

/** Only as long as this tab is open, and only for this place. */
const stored = "switchboard-admin-token"

const dialog = element("token-dialog") as HTMLDialogElement
const field = element("token") as HTMLInputElement
const fault = element("token-fault")

let changes: Terms["changes"] = "none"

export const setChanges = (how: Terms["changes"]): void => {
  changes = how
}

/** Gives whether there is one now. */
const askToken = (complaint: string): Promise<boolean> =>
  new Promise((resolve) => {
    field.value = ""
    say(fault, complaint)
    dialog.returnValue = ""
    dialog.addEventListener("close", () => {
      const token = field.value.trim()
      field.value = ""
      const isGiven = dialog.returnValue === "ok" && token !== ""
      if (isGiven) sessionStorage.setItem(stored, token)
      resolve(isGiven)
    }, { once: true })
    dialog.showModal()
  })

export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** It is not to be had; why, as a sentence, which is empty where the reader has changed his mind. */
export class NotDone extends Error {}

const sentenceOf = async (response: Response): Promise<string> => {
  try {
    return String((await response.json()).error)
  } catch {
    return `The server says ${response.status}.`
  }
}

export const ask = async (path: string, { body, method = "GET", signal }: Question): Promise<Response> => {
  if (changes === "token" && sessionStorage.getItem(stored) === null && !(await askToken(""))) throw new NotDone("")
  const token = sessionStorage.getItem(stored)
  const response = await fetch(path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" })
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal })
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? error : new NotDone("The server cannot be reached.")
  })
  if (response.ok) return response
  const sentence = await sentenceOf(response)
  if (response.status !== 401) throw new NotDone(sentence)
  sessionStorage.removeItem(stored)
  if (!(await askToken(sentence))) throw new NotDone("")
  return ask(path, { method, body, ...(signal === undefined ? {} : { signal }) })
}

element("token-cancel").addEventListener("click", () => dialog.close(""))
