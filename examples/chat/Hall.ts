import { Context, Effect, Layer, type Scope } from "effect"
import { Framing, Room, type Session } from "effect-switchboard"

/** What guests are told: a line, made bytes of once for all who hear it. */
export type Said = Framing.Encoded<string>

/** One who has given a name. */
export interface Guest {
  readonly session: Session.Session<Said>
  name: string
  place: string
  /** Leaves the room. */
  leave: Effect.Effect<void>
}

/** Who is there, and in which room. */
export class Hall extends Context.Tag("examples/chat/Hall")<Hall, Guests>() {
  static readonly layer: Layer.Layer<Hall> = Layer.sync(this, () => new Guests())
}

const lobby = "lobby"
const key = (name: string): string => name.toLowerCase()

export class Guests {
  private readonly guests = new Map<string, Guest>()
  private readonly rooms = new Map<string, Room.Room<Said>>()

  /**
   * Lets somebody in, until the scope closes: that of the connection, so that whoever vanishes has left like all others.
   * Undefined, if it is not a name, or somebody has it.
   */
  enter(session: Session.Session<Said>, name: string): Effect.Effect<Guest | undefined, never, Scope.Scope> {
    const guest: Guest = { session, name, place: lobby, leave: Effect.void }
    const named = Effect.acquireRelease(
      Effect.sync(() => this.call(guest, name)),
      (isNamed) => isNamed ? Effect.sync(() => this.part(guest)) : Effect.void
    )
    return Effect.flatMap(
      named,
      (isNamed) => isNamed ? Effect.as(this.stay(guest, lobby), guest) : Effect.succeed(undefined)
    )
  }

  /** Leads a guest to a room, which is there as long as somebody is in it. */
  go(guest: Guest, place: string): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen(this, function*() {
      if (place === guest.place) return
      yield* guest.leave
      this.publish(guest.place, `* ${guest.name} has left ${guest.place}`)
      yield* this.stay(guest, place)
    })
  }

  /** Gives a guest a name; false, if it is none, or somebody else has it. */
  call(guest: Guest, name: string): boolean {
    const holder = this.guests.get(key(name))
    if (!/^\w{1,20}$/.test(name) || (holder !== undefined && holder !== guest)) return false
    this.guests.delete(key(guest.name))
    this.guests.set(key(name), guest)
    guest.name = name
    return true
  }

  find(name: string): Guest | undefined {
    return this.guests.get(key(name))
  }

  /** The names of those who are in a room. */
  namesAt(place: string): ReadonlyArray<string> {
    return [...this.guests.values()].filter((guest) => guest.place === place).map(({ name }) => name).toSorted()
  }

  /** Tells all who are in a room. */
  publish(place: string, line: string): void {
    const room = this.rooms.get(place)
    if (room?.size() === 0) this.rooms.delete(place)
    else room?.publish(new Framing.Encoded(line))
  }

  private stay(guest: Guest, place: string): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen(this, function*() {
      guest.place = place
      this.publish(place, `* ${guest.name} has joined ${place}`)
      const room = this.rooms.get(place) ?? Room.unsafeMake<Said>()
      this.rooms.set(place, room)
      guest.leave = yield* room.join(guest.session)
    })
  }

  private part(guest: Guest): void {
    this.guests.delete(key(guest.name))
    this.publish(guest.place, `* ${guest.name} has left`)
  }
}
