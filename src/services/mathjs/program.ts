/**
 * What runs in a process of its own. It is handed over as its own text, which needs no file to be found beside the
 * library's modules, the command's bundle and the sources under test alike; so it may use nothing from outside itself.
 */

export type Reply =
  | { readonly text: string }
  | { readonly name: string; readonly message: string }

/** What the process is told at its start. */
export interface Settings {
  /** The file that mathjs is loaded from. */
  readonly mathjs: string
  /** The longest text that is sent back whole, in UTF-16 units: a longer one is cut to one unit more. */
  readonly output: number
  /** Milliseconds after which an evaluation ends even if nobody ends the process. */
  readonly last: number
}

/** What of mathjs is used. */
interface Mathjs {
  readonly all: object
  readonly create: (factories: object) => {
    readonly import: (functions: object, options: { readonly override: boolean }) => void
    readonly evaluate: (expression: string, scope: Map<string, unknown>) => unknown
    readonly format: (value: unknown, options: { readonly precision: number }) => string
  }
}

interface Channel {
  readonly argv: ReadonlyArray<string>
  readonly on: (event: string, listener: (expression: string) => void) => void
  readonly send: (reply: Reply | "ready") => void
  readonly exit: () => void
}

interface Vm {
  readonly createContext: (globals: object) => object
  readonly runInContext: (code: string, context: object, options: { readonly timeout: number }) => unknown
}

const work = (parent: Channel, vm: Vm, load: (module: string) => Mathjs): void => {
  // Signals to the whole group, as of Ctrl-C or a service manager, are the parent's to heed: it drains first.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) parent.on(signal, () => {})
  parent.on("disconnect", () => parent.exit())

  const { last, mathjs, output } = JSON.parse(parent.argv[1]!) as Settings
  const { all, create } = load(mathjs)
  const { evaluate, format, import: define } = create(all)
  // What would outlive the request, or let an expression change what the next one means.
  const names = ["import", "createUnit", "config", "reviver"]
  define(
    Object.fromEntries(names.map((name) => [name, () => {
      throw Object.assign(new Error(`the function ${name} is not supported`), { name: "Refused" })
    }])),
    { override: true }
  )

  const cut = (text: string): string => text.slice(0, output + 1)
  const question = {
    expression: "",
    answer: (expression: string): string => {
      const value = evaluate(expression, new Map())
      return typeof value === "string" ? value : format(value, { precision: 14 })
    }
  }
  const context = vm.createContext(question)
  parent.on("message", (expression) => {
    question.expression = expression
    try {
      // A parent that was killed cannot end an endless evaluation, nor is "disconnect" heard during one.
      const text = vm.runInContext("answer(expression)", context, { timeout: last }) as string
      parent.send({ text: cut(text) })
    } catch (error) {
      const { message, name } = error instanceof Error ? error : { message: String(error), name: "Error" }
      parent.send({ name, message: cut(message) })
    }
  })
  parent.send("ready")
}

/** The process's program. */
export const program = `(${work.toString()})(process, require("node:vm"), require)`
