import type { Server } from "node:net"

/** Clients that the kernel holds for the process to accept, where nothing else is said. */
export const backlog = 4096

/**
 * From now on the kernel holds but one client for the process to accept. Others that come try again a second later, and
 * those it holds already stay. Nothing happens where Node does not show what listens.
 */
export const closeBacklog = (server: Server): void => {
  const { _handle } = server as Server & { readonly _handle?: { readonly listen?: (backlog: number) => number } | null }
  _handle?.listen?.(0)
}
