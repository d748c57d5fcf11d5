import { readdirSync, readFileSync } from "node:fs"
import type { Socket } from "node:net"

/** How many descriptors this process may have open; Infinity where that is not known. */
export const descriptorLimit = (): number => {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? []
    return soft === undefined || soft === "unlimited" ? Infinity : Number(soft)
  } catch {
    return reportedLimit()
  }
}

/** The same from Node's own report: portable, and slower to make. */
const reportedLimit = (): number => {
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: unknown } } } | undefined
  const soft = Number(report?.userLimits?.open_files?.soft)
  return Number.isFinite(soft) ? soft : Infinity
}

/** What a process of Node's has at the least, where there is no saying how many it has. */
const usual = 24

/** How many descriptors this process has open. */
export const descriptorsInUse = (): number => {
  try {
    // One of them is that of the folder that is read.
    return readdirSync("/proc/self/fd").length - 1
  } catch {
    return usual
  }
}

/** Descriptors kept back for what the process may still open: files, pipes, a resolver. */
export const reserve = 8

/** How many connections this process can hold beside what it has open now. */
export const capacity = (): number => Math.max(1, descriptorLimit() - descriptorsInUse() - reserve)

/**
 * A socket's descriptor, or -1 where Node does not show it. The kernel gives out the lowest free number, so a high one
 * means that nearly all are in use, whoever in the process uses them.
 */
export const descriptorOf = (socket: Socket): number => {
  const handle = (socket as Socket & { readonly _handle?: { readonly fd?: number } })._handle
  return handle?.fd ?? -1
}
