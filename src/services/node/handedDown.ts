import type { Server, Socket } from "node:net"

/** A peer that vanished without a word is found after this long (RFC 9293, section 3.8.4), in seconds. */
const keepAliveDelay = 60

/** No delay by Nagle, and signs of life of whoever is silent. */
export const setOn = (socket: Socket): void => {
  socket.setNoDelay(true).setKeepAlive(true, keepAliveDelay * 1000)
}

interface Handle {
  readonly setNoDelay?: (isOn: boolean) => number
  readonly setKeepAlive?: (isOn: boolean, seconds: number) => number
}

/**
 * Sets the same on a socket that listens: Linux hands it down to each connection that is accepted there, which saves five
 * calls into the kernel for each. Gives whether it did; elsewhere it is to be set on each.
 */
export const handDown = (server: Server): boolean => {
  const { _handle } = server as Server & { readonly _handle?: Handle | null }
  return process.platform === "linux"
    && _handle?.setNoDelay?.(true) === 0
    && _handle.setKeepAlive?.(true, keepAliveDelay) === 0
}
