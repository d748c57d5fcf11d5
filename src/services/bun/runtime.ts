/** What is used here of Bun's own sockets. */

/** One connection. */
export interface BunSocket<Data> {
  /** What was put there: nothing, at first. */
  data: Data | undefined
  /** None, or empty, where the peer has left already. */
  readonly remoteAddress?: string
  readonly remotePort?: number
  /** Gives how many bytes the kernel has taken: the rest is the caller's to keep. Below 0 once the connection is over. */
  readonly write: (bytes: Uint8Array) => number
  readonly pause: () => void
  readonly resume: () => void
  /** Sends FIN. */
  readonly shutdown: () => void
  /** Sends FIN, and closes. */
  readonly end: () => void
  /** Sends RST. */
  readonly terminate: () => void
  readonly setNoDelay: (on: boolean) => void
  readonly setKeepAlive: (on: boolean, delay: number) => void
}

export interface Handlers<Data> {
  readonly open: (socket: BunSocket<Data>) => void
  readonly data: (socket: BunSocket<Data>, chunk: Uint8Array) => void
  /** The peer has finished. */
  readonly end: (socket: BunSocket<Data>) => void
  readonly drain: (socket: BunSocket<Data>) => void
  readonly error: (socket: BunSocket<Data>, cause: unknown) => void
  readonly close: (socket: BunSocket<Data>, cause?: unknown) => void
}

export interface Listener {
  readonly hostname: string
  readonly port: number
  /** Listens no more. */
  readonly stop: () => void
}

export interface Bun {
  readonly listen: <Data>(options: {
    readonly hostname: string
    readonly port: number
    readonly allowHalfOpen: true
    readonly exclusive: true
    readonly data?: Data
    readonly socket: Handlers<Data>
  }) => Listener
}

/** Bun, where that runs the program. */
export const bun = (): Bun | undefined => (globalThis as { readonly Bun?: Bun }).Bun
