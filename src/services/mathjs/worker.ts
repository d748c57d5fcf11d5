/**
 * What runs in a worker thread. It is sent there as its own text, which needs no file to be found beside the
 * library's modules, the command's bundle and the sources under test alike; so it may use nothing from outside itself.
 */
// oxlint-disable unicorn/require-post-message-target-origin -- a worker's port has no origin

export type Reply =
  | { readonly text: string }
  | { readonly name: string; readonly message: string }

/** What of mathjs is used. */
interface Mathjs {
  readonly all: object
  readonly create: (factories: object) => {
    readonly import: (functions: object, options: { readonly override: boolean }) => void
    readonly evaluate: (expression: string, scope: Map<string, unknown>) => unknown
    readonly format: (value: unknown, options: { readonly precision: number }) => string
  }
}

interface Port {
  readonly on: (event: "message", listener: (expression: string) => void) => void
  readonly postMessage: (reply: Reply | "ready") => void
}

export const work = (
  threads: { readonly parentPort: Port; readonly workerData: { readonly mathjs: string } },
  load: (module: string) => Mathjs
): void => {
  const { all, create } = load(threads.workerData.mathjs)
  const { evaluate, format, import: define } = create(all)
  // What would outlive the request, or let an expression change what the next one means.
  const names = ["import", "createUnit", "config", "reviver"]
  define(
    Object.fromEntries(names.map((name) => [name, () => {
      throw Object.assign(new Error(`the function ${name} is not supported`), { name: "Refused" })
    }])),
    { override: true }
  )
  threads.parentPort.on("message", (expression) => {
    try {
      const value = evaluate(expression, new Map())
      threads.parentPort.postMessage({ text: typeof value === "string" ? value : format(value, { precision: 14 }) })
    } catch (error) {
      const { message, name } = error instanceof Error ? error : { message: String(error), name: "Error" }
      threads.parentPort.postMessage({ name, message })
    }
  })
  threads.parentPort.postMessage("ready")
}

/** The worker's program. */
export const program = `(${work.toString()})(require("node:worker_threads"), require)`
