/** What the process and the kernel allow. */
import { readFileSync } from "node:fs"
import { backlog } from "../../../services/node/backlog.js"
import { descriptorLimit } from "../../../services/node/descriptors.js"
import type { Chosen } from "../arguments/Setting.js"
import type { Finding } from "./Finding.js"
import { fine, note, wrong } from "./Finding.js"

export interface Machine {
  /** Node's version, such as `20.20.2`. */
  readonly node: string
  /** Descriptors that a process may have. */
  readonly descriptors: number
  /** Clients that the kernel lets wait to be accepted, at one port; undefined where it does not say. */
  readonly somaxconn: number | undefined
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

export const here = (): Machine => {
  const somaxconn = read("/proc/sys/net/core/somaxconn")
  return {
    node: process.versions.node,
    descriptors: descriptorLimit(),
    somaxconn: somaxconn === undefined ? undefined : Number(somaxconn)
  }
}

const leastNode = 20

export const node = ({ node }: Machine): Finding =>
  Number.parseInt(node, 10) >= leastNode
    ? fine("node", `Node ${node}.`)
    : wrong("node", `Node ${node} is too old.`, `Install Node ${leastNode} or newer.`)

/** `capacity` is what is left for clients. */
export const descriptors = (
  { descriptors }: Machine,
  capacity: number,
  maxConnections: Chosen<number>
): Finding => {
  const asked = maxConnections.value
  if (asked <= capacity) return fine("files", `Enough open files for ${asked} clients: the limit is ${descriptors}.`)
  const needed = descriptors - capacity + asked
  return (maxConnections.source === "default" ? note : wrong)(
    "files",
    `${asked} clients were to be served at once (${maxConnections.source} of --${maxConnections.name}), and ${capacity} `
      + `can be: the process may have ${descriptors} files open.`,
    `Raise the limit to ${needed}: ulimit -n ${needed} in a shell, LimitNOFILE=${needed} for systemd, --ulimit nofile=${needed} `
      + `for a container. Or set --${maxConnections.name} ${capacity}.`
  )
}

export const waiting = ({ somaxconn }: Machine): Finding => {
  if (somaxconn === undefined) {
    return note("backlog", "The kernel does not say how many clients may wait to be accepted.")
  }
  return somaxconn >= backlog
    ? fine("backlog", `${backlog} clients may wait to be accepted.`)
    : note(
      "backlog",
      `The kernel lets ${somaxconn} clients wait to be accepted, not ${backlog}: more that come at once try again after a second.`,
      `sysctl -w net.core.somaxconn=${backlog}`
    )
}
