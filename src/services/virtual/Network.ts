import * as Duration from "effect/Duration"
import type { TcpAddress } from "../../domain/Address.js"
import type { Conditions, Direction } from "../../domain/testing/Conditions.js"
import type { Entry } from "../../domain/testing/Transcript.js"
import { Endpoint } from "./Endpoint.js"
import type { EventLoop } from "./EventLoop.js"
import { Link } from "./Link.js"
import type { Arrival } from "./Wire.js"
import { Wire } from "./Wire.js"

/** A host's port on which clients are awaited. */
export interface Listener {
  readonly address: TcpAddress
  readonly hasRoom: () => boolean
  /** Whether its connections may be encrypted in the middle. */
  readonly startTls: boolean
  readonly connected: (endpoint: Endpoint) => void
  /** The endpoint is over. */
  readonly gone: (endpoint: Endpoint) => void
}

/** A client's attempt to reach a server. */
export interface Attempt {
  readonly endpoint: Endpoint
  /** Gives up, or closes. */
  readonly abandon: () => void
}

/** Where ephemeral ports begin (RFC 6335, section 6). */
const firstEphemeral = 49_152

/** After so many milliseconds a connect without an answer is tried again; each time it takes twice as long (RFC 6298). */
const firstRetry = 1000

/**
 * After so many milliseconds without a sign of the client a server's side gives it up: a minute, and then ten probes a
 * second apart, as Node sets keep-alive (RFC 9293, section 3.8.4).
 */
const keepAlive = 70_000

/** Hosts, what they listen on, and the links between them. */
export class Network {
  readonly transcript: Array<Entry> = []
  readonly hosts = new Set<string>()
  private readonly listeners = new Map<string, Listener>()
  private readonly links = new Map<string, Link>()
  /** The servers' sides of connections, each with what is to happen when its client is given up. */
  private readonly served = new Map<Endpoint, { readonly link: Link; readonly giveUp: () => void }>()
  private readonly ports = new Map<string, number>()
  private readonly loop: EventLoop
  private readonly conditions: Conditions
  private readonly seed: number
  private readonly began: number
  private connections = 0

  constructor(loop: EventLoop, conditions: Conditions, seed: number) {
    this.loop = loop
    this.conditions = conditions
    this.seed = seed
    this.began = loop.now()
    for (const fault of conditions.faults) {
      if (fault._tag !== "Partition") continue
      const at = this.began + Duration.toMillis(fault.at)
      loop.at(at, () => this.part(...fault.hosts))
      loop.at(at + Duration.toMillis(fault.duration), () => this.heal(...fault.hosts))
    }
  }

  listen(listener: Listener): boolean {
    const key = keyOf(listener.address)
    if (this.listeners.has(key)) return false
    this.hosts.add(listener.address.host)
    this.listeners.set(key, listener)
    return true
  }

  unlisten(listener: Listener): void {
    if (this.listeners.get(keyOf(listener.address)) === listener) this.listeners.delete(keyOf(listener.address))
  }

  /** A port of the host that nobody has had yet. */
  ephemeral(host: string): number {
    const port = this.ports.get(host) ?? firstEphemeral
    this.ports.set(host, port + 1)
    return port
  }

  part(a: string, b: string): void {
    const link = this.link(a, b)
    if (link.isParted) return
    this.record({ at: this.time(), _tag: "Parted", hosts: [a, b] })
    link.part()
    const { changes } = link
    this.loop.at(this.loop.now() + keepAlive, () => {
      if (link.changes !== changes) return
      for (const side of this.served.values()) if (side.link === link) side.giveUp()
    })
  }

  heal(a: string, b: string): void {
    if (!this.link(a, b).isParted) return
    this.record({ at: this.time(), _tag: "Healed", hosts: [a, b] })
    this.link(a, b).heal()
  }

  /** Begins to connect: one of the two functions is called, in its time. */
  connect(from: string, server: TcpAddress, connected: () => void, refused: () => void): Attempt {
    const client = { host: from, port: this.ephemeral(from) }
    const connection = ++this.connections
    const { latency } = this.conditions
    const link = this.link(from, server.host)
    const tell = (outcome: "connected" | "refused" | "unanswered"): void =>
      this.record({ at: this.time(), _tag: "Connect", connection, client, server, outcome })
    const { toClient: clientSide, toServer: serverSide } = this.pair(connection, link, client, server)
    clientSide.allowTls(server.host)
    const giveUp = (): void => {
      this.record({ at: this.time(), _tag: "Lost", connection, direction: "toServer" })
      serverSide.arrive("Rst")
    }
    let isAbandoned = false
    let isEstablished = false

    const attempt = (wait: number): void => {
      if (isAbandoned) return
      const unanswered = (): void => {
        tell("unanswered")
        this.loop.at(this.loop.now() + wait - latency, () => attempt(2 * wait))
      }
      const arrive = (): void => {
        const listener = this.listeners.get(keyOf(server))
        if (listener === undefined) {
          tell("refused")
          link.carry(this.loop.now() + latency, refused)
        } else if (listener.hasRoom()) {
          tell("connected")
          serverSide.whenOver = () => {
            this.served.delete(serverSide)
            listener.gone(serverSide)
          }
          this.served.set(serverSide, { link, giveUp })
          if (listener.startTls) serverSide.allowTls()
          listener.connected(serverSide)
          link.carry(this.loop.now() + latency, () => {
            isEstablished = true
            if (isAbandoned) clientSide.close()
            else connected()
          })
        } else {
          unanswered()
        }
      }
      link.carryOnce(this.loop.now() + latency, arrive, unanswered)
    }
    attempt(firstRetry)
    return {
      endpoint: clientSide,
      abandon: () => {
        isAbandoned = true
        if (isEstablished) clientSide.close()
      }
    }
  }

  /** The two sides of a connection, with a wire each way. */
  private pair(connection: number, link: Link, client: TcpAddress, server: TcpAddress): Record<Direction, Endpoint> {
    const { conditions, loop } = this
    const sides = {
      toServer: new Endpoint(client, loop, conditions.window),
      toClient: new Endpoint(server, loop, conditions.window)
    }
    const arrive = (direction: Direction, arrival: Arrival): void => {
      this.arrived(connection, direction, arrival)
      sides[direction].arrive(arrival)
    }
    const cut = (): void => {
      arrive("toServer", "Rst")
      arrive("toClient", "Rst")
    }
    const wire = (direction: Direction): Wire =>
      new Wire({
        loop,
        link,
        conditions,
        faults: conditions.faults
          .filter((fault) => fault._tag !== "Partition")
          .filter((fault) => fault.connection === connection && fault.direction === direction),
        seed: this.seed,
        number: 2 * connection + (direction === "toServer" ? 0 : 1),
        receiver: {
          arrive: (arrival) => arrive(direction, arrival),
          acknowledged: (bytes) => sides[direction].acknowledged(bytes),
          cut
        }
      })
    sides.toClient.wire = wire("toServer")
    sides.toServer.wire = wire("toClient")
    return sides
  }

  private arrived(connection: number, direction: Direction, arrival: Arrival): void {
    const at = this.time()
    if (typeof arrival === "string") this.record({ at, _tag: arrival, connection, direction })
    else this.record({ at, _tag: "Data", connection, direction, bytes: arrival })
  }

  private record(entry: Entry): void {
    this.transcript.push(entry)
  }

  private time(): number {
    return this.loop.now() - this.began
  }

  private link(a: string, b: string): Link {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    let link = this.links.get(key)
    if (link === undefined) {
      link = new Link(this.loop, this.conditions.latency)
      this.links.set(key, link)
    }
    return link
  }
}

const keyOf = ({ host, port }: TcpAddress): string => `${host} ${port}`
