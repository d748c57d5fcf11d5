/**
 * Broadcasting: connections that are told the same things, in the same order.
 *
 * A room is a set of sessions, and has nothing of its own to wait with. What is published goes into each member's mailbox,
 * all in one call that nothing comes between; so all members are told in one order. Each then takes its turn when it comes,
 * sends what it was told meanwhile in one write, and holds up nobody: a member that does not take what it is sent fills its
 * own mailbox, and what becomes of more is its protocol's choice (`Mailbox`): it is not told, loses the oldest, or is closed.
 *
 * What members are to send alike is published as an `Encoded` message, which is made bytes of once, however many they are.
 *
 * @since 0.2.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Session } from "./Session.js"

/**
 * Connections that are told the same `Event`s. A member may hear of others besides: its session's events are these or more.
 *
 * @since 0.2.0
 * @category models
 */
export interface Room<in out Event> {
  /**
   * Makes a connection a member, until the scope closes: in a turn that is the connection's own, so that it leaves by
   * itself, in whatever way it ends. Gives what leaves before. Who joins twice is a member until it has left twice, and
   * told once.
   */
  readonly join: (session: Session<Event>) => Effect.Effect<Effect.Effect<void>, never, Scope.Scope>
  /**
   * Tells all members. It waits for none of them, and may be called from anywhere, as `notify` of a session may. Gives how
   * many have taken it: all but those whose mailbox is full, or whose connection closes.
   */
  readonly publish: (event: Event) => number
  /** How many members there are now. */
  readonly size: () => number
}

class Sessions<in out Event> implements Room<Event> {
  /** How often each has joined. */
  private readonly members = new Map<Session<Event>, number>()

  readonly join = (session: Session<Event>): Effect.Effect<Effect.Effect<void>, never, Scope.Scope> =>
    Effect.uninterruptible(Effect.gen(this, function*() {
      const membership = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
      this.members.set(session, (this.members.get(session) ?? 0) + 1)
      yield* Scope.addFinalizer(membership, Effect.sync(() => this.leave(session)))
      return Scope.close(membership, Exit.void)
    }))

  readonly publish = (event: Event): number => {
    let told = 0
    for (const session of this.members.keys()) if (session.notify(event)) told++
    return told
  }

  readonly size = (): number => this.members.size

  private leave(session: Session<Event>): void {
    const times = this.members.get(session) ?? 0
    if (times > 1) this.members.set(session, times - 1)
    else this.members.delete(session)
  }
}

/**
 * Makes a room with nobody in it.
 *
 * @example
 * ```ts
 * import { Framing, Protocol, Room, type Session } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * type Said = Framing.Encoded<string>
 *
 * // Whatever one says, all hear, the speaker too, in one order.
 * const chat = Effect.map(Room.make<Said>(), (room) =>
 *   Protocol.make({
 *     name: "chat",
 *     framing: Framing.line,
 *     // One who does not keep up is let go.
 *     mailbox: { capacity: 1024, whenFull: "close" },
 *     open: (session: Session.Session<Said>) => Effect.as(room.join(session), Protocol.turn(session.id)),
 *     receive: (id: number, text: string) =>
 *       Effect.sync(() => {
 *         room.publish(new Framing.Encoded(`${id}: ${text}`))
 *         return Protocol.turn(id)
 *       }),
 *     notified: (id, said: Said) => Effect.succeed(Protocol.turn(id, { send: [said] }))
 *   }))
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = <Event>(): Effect.Effect<Room<Event>> => Effect.sync(() => unsafeMake<Event>())

/**
 * Makes a room where no Effect is run: as a constant of a module, or in the middle of a function.
 *
 * @since 0.2.0
 * @category constructors
 */
export const unsafeMake = <Event>(): Room<Event> => new Sessions<Event>()
