/** What can be changed: limits, the level of the log, and whether the server goes on. */
import type { Frame, Terms } from "../live/Frame.js"
import type { Question } from "./ask.js"
import { ask, NotDone, setChanges } from "./ask.js"
import { element, say } from "./elements.js"

const form = element("limits") as HTMLFormElement
const level = element("log-level") as HTMLSelectElement
const outcome = element("outcome")
const changeable = element("changes") as HTMLFieldSetElement
const confirmation = element("drain-dialog") as HTMLDialogElement

const fields = (): ReadonlyArray<HTMLInputElement> => Array.from(form.querySelectorAll("input"))

/** Does it, and says how it went. */
const change = async (path: string, question: Question, done: string): Promise<boolean> => {
  outcome.className = ""
  say(outcome, "")
  try {
    await ask(path, question)
    say(outcome, done)
    return true
  } catch (error) {
    outcome.className = "fault"
    say(outcome, error instanceof NotDone ? error.message : String(error))
    return false
  }
}

export class Controls {
  private limits: Frame["limits"] = {}
  private level = ""
  private isChanging = false

  constructor() {
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      void this.apply()
    })
    form.addEventListener("reset", (event) => {
      event.preventDefault()
      this.fill(true)
    })
    level.addEventListener("change", () => void this.setLevel())
    element("reload").addEventListener("click", () => void change("reload", { method: "POST" }, "It starts anew."))
    element("drain").addEventListener("click", () => confirmation.showModal())
    confirmation.addEventListener("close", () => {
      if (confirmation.returnValue === "ok") void change("drain", { method: "POST" }, "The server stops.")
    })
    element("drain-cancel").addEventListener("click", () => confirmation.close(""))
  }

  terms({ canReload, changes }: Terms): void {
    element("reload").hidden = !canReload
    setChanges(changes)
    const cannot = changes === "none"
    element("changes-none").hidden = !cannot
    changeable.disabled = cannot
  }

  update({ level: now, limits }: Frame): void {
    const isNew = JSON.stringify(limits) !== JSON.stringify(this.limits)
    this.limits = limits
    if (isNew) this.fill(false)
    if (now !== this.level && document.activeElement !== level) level.value = now
    this.level = now
  }

  /** What somebody is writing stays. */
  private fill(all: boolean): void {
    for (const field of fields()) {
      const value = String(this.limits[field.name] ?? "")
      if (all || field.value === field.defaultValue) field.value = value
      field.defaultValue = value
    }
  }

  private async apply(): Promise<void> {
    if (this.isChanging) return
    const changed = fields().filter(({ defaultValue, value }) => value !== defaultValue)
    if (changed.length === 0) return say(outcome, "Nothing is different.")
    this.isChanging = true
    const body = Object.fromEntries(changed.map(({ name, value }) => [name, value.trim()]))
    if (await change("limits", { method: "PATCH", body }, "The limits hold.")) {
      for (const field of changed) field.defaultValue = field.value
    }
    this.isChanging = false
  }

  private async setLevel(): Promise<void> {
    const wanted = level.value
    const isDone = await change("log-level", { method: "PUT", body: { "log-level": wanted } }, `The log has ${wanted}.`)
    if (!isDone) level.value = this.level
  }
}
