// Redis as a protocol: a state machine over requests and publications. It knows nothing of sockets.
import { Effect } from "effect"
import { Protocol, type Session } from "effect-switchboard"
import type { Publication } from "./Channels.js"
import { Channels } from "./Channels.js"
import { ok, run, wrongNumber } from "./commands.js"
import type { Reply, Request } from "./resp.js"
import { Failure, resp } from "./resp.js"
import { Store } from "./Store.js"

/** One connection: who it is, what it has subscribed to, and what it has to do with. */
interface Client {
  readonly session: Session.Session<Publication>
  readonly store: typeof Store.Service
  readonly channels: typeof Channels.Service
  readonly subscribed: Set<string>
}

type Turn = Protocol.Turn<Client, Reply, Publication>

/** What concerns the connection itself; everything else is the store's. */
const receive = (client: Client, [word = "", ...words]: Request): Turn => {
  const { channels, session, store, subscribed } = client
  const name = word.toUpperCase()
  switch (name) {
    case "SUBSCRIBE":
      if (words.length === 0) return { state: client, send: [wrongNumber(name)] }
      return {
        state: client,
        send: words.map((channel) => {
          channels.subscribe(channel, session)
          subscribed.add(channel)
          return ["subscribe", channel, subscribed.size]
        })
      }
    case "UNSUBSCRIBE": {
      const left = words.length > 0 ? words : [...subscribed]
      if (left.length === 0) return { state: client, send: [["unsubscribe", null, 0]] }
      return {
        state: client,
        send: left.map((channel) => {
          channels.unsubscribe(channel, session)
          subscribed.delete(channel)
          return ["unsubscribe", channel, subscribed.size]
        })
      }
    }
    case "QUIT":
      return { state: client, send: [ok], close: true }
  }
  if (subscribed.size > 0) {
    const reply: Reply = name === "PING" ? ["pong", words[0] ?? ""] : new Failure(
      `ERR Can't execute '${name.toLowerCase()}': one who has subscribed may SUBSCRIBE, UNSUBSCRIBE, PING and QUIT`
    )
    return { state: client, send: [reply] }
  }
  if (name === "PUBLISH") {
    const [channel = "", text = ""] = words
    return { state: client, send: [words.length === 2 ? channels.publish(channel, text) : wrongNumber(name)] }
  }
  return { state: client, send: [run(store, name, words)] }
}

/** The services are asked for once a connection: what a turn has to run for them would cost more than most commands. */
export const redis: Protocol.Protocol<Request, Reply, never, Store | Channels> = Protocol.make({
  name: "redis",
  framing: resp,
  // As in Redis, a subscriber that does not keep up is let go.
  mailbox: { capacity: 1024, whenFull: "close" },
  open: (session: Session.Session<Publication>) =>
    Effect.map(
      Effect.all([Store, Channels]),
      ([store, channels]) =>
        Protocol.turn<Client, Reply, Publication>({ session, store, channels, subscribed: new Set() })
    ),
  receive: (client, request) => Effect.sync(() => receive(client, request)),
  notified: (client, { channel, message }) =>
    // One that has unsubscribed since hears no more of it.
    Effect.succeed({ state: client, send: client.subscribed.has(channel) ? [message] : [] }),
  closed: ({ channels, session, subscribed }) =>
    Effect.sync(() => {
      for (const channel of subscribed) channels.unsubscribe(channel, session)
    })
})
