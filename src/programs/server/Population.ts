import * as Effect from "effect/Effect"
import { Bell } from "../stream/Bell.js"
import type { Member } from "./conversation/Owner.js"

/** The conversations of a server, and its limit on them. */
export class Population {
  readonly members = new Set<Member>()
  private limit: number
  private readonly room = new Bell(() => !this.isFull)
  private readonly emptied = new Bell(() => this.members.size === 0)

  constructor(limit: number) {
    this.limit = limit
  }

  get maxConnections(): number {
    return this.limit
  }

  get isFull(): boolean {
    return this.members.size >= this.limit
  }

  setLimit(limit: number): void {
    this.limit = limit
    if (!this.isFull) this.room.ring()
  }

  add(conversation: Member): void {
    this.members.add(conversation)
  }

  remove(conversation: Member): void {
    this.members.delete(conversation)
    if (!this.isFull) this.room.ring()
    if (this.members.size === 0) this.emptied.ring()
  }

  /** Closes one in good order. Gives whether there was one. */
  disconnect(id: number): boolean {
    for (const member of this.members) {
      if (member.id !== id) continue
      member.shut("ServerClosed")
      return true
    }
    return false
  }

  /** Waits until there is room for one more. For one fiber at a time. */
  readonly whenRoom: Effect.Effect<void> = Effect.suspend(() =>
    // The limit may be lowered between the bell and the fiber that it wakes.
    this.isFull ? Effect.zipRight(this.room.wait, this.whenRoom) : Effect.void
  )

  /** Waits until nobody is left. For one fiber at a time. */
  readonly whenEmpty: Effect.Effect<void> = this.emptied.wait
}
