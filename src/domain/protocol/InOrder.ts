import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Done from "../Done.js"
import type { Turn } from "./Machine.js"

/** A request's place among the replies. */
interface Place<Out, E> {
  reply: Exit.Exit<Out, E> | undefined
}

type AnyTurn<Out, E, R> = Turn<InOrder<Out, E, R>, Out, Place<Out, E>, E, R>
type AnyEffect<Out, E, R> = Effect.Effect<AnyTurn<Out, E, R>, E, R>

/** Replies of one connection that are made beside one another, and sent in the order of their requests. */
export class InOrder<Out, E, R> {
  /** From the oldest request that is not answered on. */
  private readonly places: Array<Place<Out, E>> = []
  private readonly most: number
  /** Whether one of them has failed: what comes behind it is not begun. */
  private hasFailed = false

  constructor(most: number) {
    this.most = most
  }

  /** Begins a reply. One that needs no waiting, with none before it, is sent at once. */
  begin(made: Effect.Effect<Out, E, R>): AnyEffect<Out, E, R> {
    const reply = Done.onTheSpot(made)
    const isDone = Done.isDone(reply)
    if (isDone && this.places.length === 0) return Done.map(reply, (said) => this.turn([said]))
    const place: Place<Out, E> = { reply: undefined }
    this.places.push(place)
    if (isDone) {
      this.settle(place, reply)
      return Effect.succeed(this.turn())
    }
    const run = Effect.map(Effect.exit(reply), (exit) => this.settle(place, exit))
    return Effect.succeed({ ...this.turn(), run })
  }

  /** Sends the replies that wait for no other, up to one that failed: that is the end, when they are sent. */
  release(): AnyEffect<Out, E, R> {
    const { places } = this
    const said: Array<Out> = []
    for (const { reply } of places) {
      if (reply === undefined || Exit.isFailure(reply)) break
      said.push(reply.value)
    }
    places.splice(0, said.length)
    const next = places[0]?.reply
    if (next === undefined || Exit.isSuccess(next)) return Effect.succeed(this.turn(said))
    if (said.length === 0) return Effect.failCause(next.cause)
    return Effect.succeed({ ...this.turn(said), wake: 0, listens: false })
  }

  private settle(place: Place<Out, E>, reply: Exit.Exit<Out, E>): Place<Out, E> {
    place.reply = reply
    if (Exit.isFailure(reply)) this.hasFailed = true
    return place
  }

  private turn(send?: ReadonlyArray<Out>): AnyTurn<Out, E, R> {
    const { hasFailed, most, places } = this
    return {
      state: this,
      send,
      listens: hasFailed || places.length >= most ? "events" : true,
      owes: places.length > 0
    }
  }
}
