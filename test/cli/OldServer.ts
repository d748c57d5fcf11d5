/** The servers that are in use today, played on plain sockets: they take each read for a request, and answer without a newline. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"

export interface OldServer {
  readonly port: number
  /** What each read brought, from all clients. */
  readonly requests: ReadonlyArray<string>
  /** Those who are connected. */
  readonly clients: ReadonlySet<net.Socket>
}

export interface Options {
  /** Default: any that is free. */
  readonly port?: number
  readonly accepted?: (socket: net.Socket) => void
  readonly received?: (socket: net.Socket, request: Buffer) => void
}

export const listen = (
  { accepted = () => {}, port = 0, received = () => {} }: Options
): Effect.Effect<OldServer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const requests: Array<string> = []
    const clients = new Set<net.Socket>()
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      clients.add(socket)
      // A client that has gone is no concern of these servers.
      socket.on("error", () => {})
      socket.on("close", () => clients.delete(socket))
      socket.on("end", () => socket.end())
      socket.on("data", (request: Buffer) => {
        requests.push(request.toString())
        received(socket, request)
      })
      accepted(socket)
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => {
        server.listen({ host: "127.0.0.1", port }, () => resume(Effect.void))
      }),
      () =>
        Effect.sync(() => {
          server.close()
          for (const client of clients) client.destroy()
        })
    )
    return { port: (server.address() as net.AddressInfo).port, requests, clients }
  })

/** `str(eval(request))`: Python's eval does not mind a newline at the end. */
const values: Readonly<Record<string, string>> = { "22 + 44": "66", "4 / 2": "2.0", "7 // 2": "3" }

export const calculator = listen({
  received: (socket, request) => {
    socket.write(values[request.toString().trimEnd()] ?? "INVALID STATEMENT")
  }
})

export const echo = listen({ received: (socket, request) => void socket.write(request) })

export const reverse = listen({ received: (socket, request) => void socket.write(Buffer.from(request).reverse()) })

const envelope = (content: string, sleepTime: number): Buffer => {
  const header = Buffer.from(JSON.stringify({
    byteorder: "little",
    "content-type": "binary/custom-server-binary-type",
    "content-encoding": "binary",
    "content-length": content.length,
    sleep_time: sleepTime
  }))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(header.length)
  return Buffer.concat([length, header, Buffer.from(content)])
}

/** Sends one message, each byte in a write of its own, and answers every request with statistics. */
export const chars = listen({
  accepted: (socket) => {
    socket.setNoDelay(true)
    for (const byte of envelope("td3kk", 3)) socket.write(Uint8Array.of(byte))
  },
  received: (socket) => void socket.write(envelope("Statistics: 5 symbols was delivered", 1))
})

/** A port at which nothing listens. */
export const freePort: Effect.Effect<number> = Effect.scoped(Effect.map(listen({}), ({ port }) => port))
