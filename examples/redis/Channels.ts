import { Context, Effect, Layer } from "effect"
import { Framing, type Session } from "effect-switchboard"
import type { Reply } from "./resp.js"

/** What was published, as those are sent it who have subscribed to its channel. */
export interface Publication {
  readonly channel: string
  readonly message: Framing.Encoded<Reply>
}

type Subscriber = Session.Session<Publication>

/** Who has subscribed to what. */
export class Channels extends Context.Tag("examples/redis/Channels")<Channels, {
  readonly subscribe: (channel: string, subscriber: Subscriber) => void
  readonly unsubscribe: (channel: string, subscriber: Subscriber) => void
  /** Tells all subscribers, and gives how many there were. It waits for none of them. */
  readonly publish: (channel: string, text: string) => number
}>() {
  static readonly layer: Layer.Layer<Channels> = Layer.effect(this, Effect.sync(() => make()))
}

const make = (): typeof Channels.Service => {
  const channels = new Map<string, Set<Subscriber>>()
  return {
    subscribe: (channel, subscriber) => {
      const subscribers = channels.get(channel)
      if (subscribers === undefined) channels.set(channel, new Set([subscriber]))
      else subscribers.add(subscriber)
    },
    unsubscribe: (channel, subscriber) => {
      const subscribers = channels.get(channel)
      if (subscribers?.delete(subscriber) === true && subscribers.size === 0) channels.delete(channel)
    },
    publish: (channel, text) => {
      const publication = { channel, message: new Framing.Encoded<Reply>(["message", channel, text]) }
      let told = 0
      for (const subscriber of channels.get(channel) ?? []) if (subscriber.notify(publication)) told++
      return told
    }
  }
}
