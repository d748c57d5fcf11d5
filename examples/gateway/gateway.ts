// A TCP proxy: what a client sends goes on to another server, and what that answers comes back, byte for byte.
import { Data, Effect, type Scope, Stream } from "effect"
import { type Address, type Connector, Framing, type NetworkError, Protocol } from "effect-switchboard"
import { connect, type Upstream } from "./Upstream.js"

/** What the other side has to tell. */
type News = Data.TaggedEnum<{
  Connected: { readonly upstream: Upstream }
  Received: { readonly bytes: Uint8Array }
  /** It has sent FIN. */
  Finished: {}
  /** It has taken what it was sent. */
  HasRoom: {}
}>

const News = Data.taggedEnum<News>()

interface State {
  readonly upstream: Upstream | undefined
  /** Who has sent FIN. */
  readonly clientFinished: boolean
  readonly serverFinished: boolean
}

type Failure = NetworkError.ConnectError | NetworkError.ConnectionReset

type Turn = Protocol.Turn<State, Uint8Array, News, Failure>

const hear = (state: State, news: News): Turn =>
  News.$match(news, {
    // A stop of the gateway waits for what the server has to say. What has come meanwhile is heard from now on.
    Connected: ({ upstream }): Turn => ({
      state: { ...state, upstream },
      listens: true,
      owes: true,
      run: Stream.concat(
        Stream.map(upstream.bytes, (bytes) => News.Received({ bytes })),
        Stream.make(News.Finished())
      )
    }),
    Received: ({ bytes }): Turn => ({ state, send: [bytes] }),
    Finished: (): Turn => ({
      state: { ...state, serverFinished: true },
      owes: false,
      finish: true,
      close: state.clientFinished
    }),
    HasRoom: (): Turn => ({ state, listens: true })
  })

const pass = (state: State, bytes: Uint8Array): Turn => {
  const { upstream } = state
  if (upstream === undefined || upstream.write(bytes)) return { state }
  // The client waits until the server has taken what there is.
  return { state, listens: "events", run: Effect.as(upstream.room, News.HasRoom()) }
}

/** Passes each client on to `target`, over a connection of its own. Each side may finish before the other does. */
export const gateway = (
  target: Address.Address
): Protocol.Protocol<Uint8Array, Uint8Array, Failure, Connector.Connector | Scope.Scope> =>
  Protocol.make({
    name: "gateway",
    framing: Framing.bytes,
    // So many reads of the server's wait for the client, and then the server does.
    mailbox: { capacity: 4 },
    // Beside the turns: a server that is slow to accept holds up nobody else's.
    open: () =>
      Effect.succeed(
        Protocol.turn<State, Uint8Array, News, Failure, Connector.Connector | Scope.Scope>(
          { upstream: undefined, clientFinished: false, serverFinished: false },
          { listens: "events", run: Effect.map(connect(target), (upstream) => News.Connected({ upstream })) }
        )
      ),
    receive: (state, bytes) => Effect.sync(() => pass(state, bytes)),
    notified: (state, news: News) => Effect.sync(() => hear(state, news)),
    ended: (state) =>
      Effect.sync((): Turn => {
        state.upstream?.finish()
        return { state: { ...state, clientFinished: true }, close: state.serverFinished }
      }),
    closed: ({ upstream }, reason) =>
      Effect.sync(() => {
        if (reason === "ConnectionReset") upstream?.reset()
      })
  })
