/**
 * A protocol that is an Effect a connection.
 *
 * @since 0.2.0
 * @module
 */
import type { NoSuchElementException } from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Mailbox from "effect/Mailbox"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { Address } from "../Address.js"
import type { Encoded, Framing, FramingError } from "../Framing.js"
import type { Session } from "../Session.js"
import type { Protocol } from "./Machine.js"
import { make, turn } from "./Machine.js"

/**
 * The other side of a connection, as a handler has it.
 *
 * @since 0.2.0
 * @category models
 */
export interface Peer<In, Out> {
  /** Counts from 1 in the order of acceptance. */
  readonly id: number
  /** Where the connection comes from. */
  readonly address: Address
  /** The next message. Fails when nothing more will come: the peer has finished, or the server stops. */
  readonly read: Effect.Effect<In, NoSuchElementException>
  /** All messages from now on. */
  readonly stream: Stream.Stream<In>
  /** Sends a message; waits while the peer is behind with taking them. */
  readonly write: (message: Out | Encoded<Out>) => Effect.Effect<void>
  /** Sends all messages it is given. */
  readonly sink: Sink.Sink<void, Out | Encoded<Out>>
}

/** Messages that wait for the handler; then the peer does. */
const capacity = 16

type Event<Out> =
  | { readonly _tag: "Write"; readonly message: Out | Encoded<Out> }
  | { readonly _tag: "Room" }
  | { readonly _tag: "End" }

/** What a handler has not read yet. */
class Unread<In> {
  readonly mailbox: Mailbox.Mailbox<In>
  private readonly session: Session<Event<never>>
  private size = 0
  private isFull = false

  constructor(mailbox: Mailbox.Mailbox<In>, session: Session<Event<never>>) {
    this.mailbox = mailbox
    this.session = session
  }

  /** Gives whether there is room for more. */
  put(message: In): boolean {
    this.mailbox.unsafeOffer(message)
    this.isFull = ++this.size >= capacity
    return !this.isFull
  }

  readonly read: Effect.Effect<In, NoSuchElementException> = Effect.suspend(() =>
    Effect.map(this.mailbox.take, (message) => {
      this.size--
      if (this.isFull) {
        this.isFull = false
        this.session.notify({ _tag: "Room" })
      }
      return message
    })
  )
}

/**
 * Makes a protocol of an Effect that is run for each connection, in a fiber beside it, with the limits, the deadlines and
 * the drain of any other. Its end is the end of the connection; its failure ends it, too. Messages wait for it, and make the
 * peer wait, while it does something else. What it acquires in its Scope is released with the connection.
 *
 * It has a fiber under every model, also under `select`.
 *
 * @example
 * ```ts
 * import { Framing, Protocol } from "effect-switchboard"
 * import { Effect, Stream } from "effect"
 *
 * const shout = Protocol.handler({
 *   name: "shout",
 *   framing: Framing.line,
 *   handle: (peer) => peer.stream.pipe(Stream.map((text) => text.toUpperCase()), Stream.run(peer.sink))
 * })
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const handler = <In, Out, E = never, R = never>(options: {
  readonly name: string
  readonly framing: Framing<In, Out>
  readonly handle: (peer: Peer<In, Out>) => Effect.Effect<void, E, R>
  readonly malformed?: ((error: FramingError) => ReadonlyArray<Out>) | undefined
}): Protocol<In, Out, E, R> =>
  make<Unread<In>, In, Out, E, R, Event<Out>>({
    name: options.name,
    framing: options.framing,
    malformed: options.malformed,
    open: (session) =>
      Effect.map(Mailbox.make<In>(), (mailbox) => {
        const unread = new Unread<In>(mailbox, session)
        const handled = Effect.as(options.handle(peerOf(session, unread)), { _tag: "End" } as const)
        return turn(unread, { run: handled })
      }),
    receive: (unread, message) => Effect.sync(() => turn(unread, { listens: unread.put(message) ? true : "events" })),
    notified: (unread, event) => {
      switch (event._tag) {
        case "Write":
          return Effect.succeed(turn(unread, { send: [event.message] }))
        case "Room":
          return Effect.succeed(turn(unread, { listens: true }))
        default:
          return Effect.succeed(turn(unread, { close: true }))
      }
    },
    ended: (unread) =>
      Effect.sync(() => {
        unread.mailbox.unsafeDone(Exit.void)
        return turn(unread)
      })
  })

const peerOf = <In, Out>(session: Session<Event<Out>>, { read }: Unread<In>): Peer<In, Out> => {
  const write = (message: Out | Encoded<Out>): Effect.Effect<void> =>
    Effect.asVoid(session.offer({ _tag: "Write", message }))
  return {
    id: session.id,
    address: session.peer,
    read,
    stream: Stream.repeatEffectOption(Effect.mapError(read, () => Option.none())),
    write,
    sink: Sink.forEach(write)
  }
}
