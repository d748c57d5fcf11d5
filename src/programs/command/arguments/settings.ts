/** The settings that commands share, or that a settings file may hold. */
import * as Either from "effect/Either"
import * as LogLevel from "effect/LogLevel"
import * as Admin from "./adminPlace.js"
import * as Listen from "./listenPlace.js"
import type { Setting } from "./Setting.js"
import * as Value from "./Value.js"

const choice = <const A extends string>(
  name: string,
  description: string,
  choices: ReadonlyArray<A>,
  fallback: A
): Setting<A> => ({ name, description, placeholder: choices.join("|"), choices, fallback, read: Value.oneOf(choices) })

export const value = <A>(
  name: string,
  description: string,
  placeholder: string,
  fallback: string,
  read: Value.Read<A>
): Setting<A> => ({ name, description, placeholder, choices: [], fallback, read })

export const flag = (name: string, description: string): Setting<boolean> => ({
  name,
  description,
  placeholder: undefined,
  choices: [],
  fallback: "false",
  read: Value.boolean
})

export const positive = Value.integer(1, Number.MAX_SAFE_INTEGER)

export const host = value("host", "A name or address, IPv4 or IPv6.", "HOST", "127.0.0.1", Value.host)
export const port = value("port", "A TCP port; a server takes 0 for any that is free.", "PORT", "1234", Value.port)
export const listen = value(
  "listen",
  "Where to listen, instead of host and port: tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, wss://HOST:PORT/PATH, unix:PATH, unix:@NAME, or fd:NAME for a socket that systemd " +
    "hands over; several with commas between them.",
  "PLACE",
  Listen.none,
  Listen.listenPlaces
)
export const inetd = flag(
  "inetd",
  "Serve the one connection that standard input is, as inetd, systemd and socat hand it over, and end with it."
)
export const tlsCert = value(
  "tls-cert",
  "Speak TLS, with this certificate: PEM, and behind it those of who signed it. Several with commas between them: a client is "
    + "shown the one that has the name it calls for. With --listen it is for tls:// and wss://. A file that changes is read anew.",
  "FILE",
  Listen.none,
  Listen.files
)
export const tlsKey = value(
  "tls-key",
  "The key of the certificate, or of each of them; none means that it is in the same file.",
  "FILE",
  Listen.none,
  Listen.files
)
export const tlsClientCa = value(
  "tls-client-ca",
  "Ask clients for a certificate that one of these authorities has signed.",
  "FILE",
  Listen.none,
  Listen.file
)
export const tlsClients = choice(
  "tls-clients",
  "With --tls-client-ca: whether a client without a certificate is let in (request) or not (require).",
  ["require", "request"],
  "require"
)
export const tls = flag("tls", "Speak TLS; so does a place such as tls://HOST:PORT or wss://HOST:PORT.")
export const ca = value(
  "ca",
  "By TLS: who may have signed the server's certificate; none stands for those that Node knows.",
  "FILE",
  Listen.none,
  Listen.file
)
export const cert = value("cert", "By TLS: this client's certificate.", "FILE", Listen.none, Listen.file)
export const key = value(
  "key",
  "The key of the certificate; none means that it is in the same file.",
  "FILE",
  Listen.none,
  Listen.file
)
export const servername = value(
  "servername",
  "By TLS: the name that the server's certificate must have; none stands for the host.",
  "NAME",
  Listen.none,
  Listen.file
)
export const insecure = flag("insecure", "By TLS: believe whoever answers. For a try-out only.")
export const origins = value(
  "origins",
  "Pages that may connect where --listen says ws:// or wss://: loopback, those of this machine; any; or of which origins, such as "
    + "https://example.org, several with commas between them.",
  "ORIGINS",
  "loopback",
  Listen.origins
)
export const socketMode = value(
  "socket-mode",
  "The permissions of the file of a unix socket, such as 660; none leaves them to the umask.",
  "MODE",
  Listen.none,
  Listen.socketMode
)
export const socketOwner = value(
  "socket-owner",
  "The user and the group that the file of a unix socket is to belong to, by number, such as 1000:1000.",
  "UID:GID",
  Listen.none,
  Listen.socketOwner
)
export const proxyProtocol = value(
  "proxy-protocol",
  "The addresses or networks of the proxies in front, which say by the PROXY protocol who their clients are.",
  "NETWORK",
  Listen.none,
  Listen.networks
)
export const allow: Setting<ReadonlyArray<string> | undefined> = {
  ...value(
    "allow",
    "Let in only clients of this network, such as 10.0.0.0/8, or address; may be given again. Behind a proxy of "
      + "--proxy-protocol it is the client's address that counts; who comes by a unix socket has none, and is let in.",
    "NETWORK",
    Listen.none,
    Listen.networks
  ),
  isRepeatable: true
}
export const deny: Setting<ReadonlyArray<string> | undefined> = {
  ...value(
    "deny",
    "Let in no client of this network or address, whatever --allow says; may be given again.",
    "NETWORK",
    Listen.none,
    Listen.networks
  ),
  isRepeatable: true
}
export const workers = value(
  "workers",
  "Processes that serve, a number or auto for one on each core, under a supervisor: it replaces those that die, and all of "
    + "them, without losing a request, at SIGHUP or switchboard reload. None: the server is one process. For threaded and select.",
  "N|auto",
  Listen.none,
  Value.workers
)
export const pidFile = value(
  "pid-file",
  "A file for the number of the server's process, or of its supervisor: switchboard reload reads it.",
  "FILE",
  Listen.none,
  Listen.file
)
export const framing = choice(
  "framing",
  "How messages are told apart: auto finds out from the first bytes whether each is a line.",
  ["auto", "line", "chunk"],
  "auto"
)
export const mode = choice("mode", "How much is said: user, or debug with every message.", ["user", "debug"], "user")
export const timeout = value("timeout", "For the connection, and for each reply.", "TIME", "2 seconds", Value.limit)
export const json = flag("json", "One JSON object for each reply: request, reply, ok, milliseconds and error.")
export const repeat = value(
  "repeat",
  "How often the messages are sent: a round follows when the last is answered. forever: until Ctrl+C.",
  "N",
  "1",
  Value.times
)
export const interval = value(
  "interval",
  "With --repeat: the least time from the beginning of a round to that of the next.",
  "TIME",
  "0s",
  Value.duration
)
export const latency = flag(
  "latency",
  "Show how long the replies took, instead of what they say: the least, the median, the 99th percentile, the most."
)
export const retry = value(
  "retry",
  "How often to try again when the server refuses, after 100 ms, then 200, and so on.",
  "N",
  "0",
  Value.integer(0, 1000)
)

export const maxConnections = value(
  "max-connections",
  "Clients served at once, under threaded and select; with --workers, each takes an even share of them.",
  "N",
  "10000",
  positive
)
export const atLimit = choice("at-limit", "What happens to one client more.", ["wait", "refuse"], "wait")
export const maxConnectionsPerAddress = value(
  "max-connections-per-address",
  "Clients of one address at once; of IPv6 its first 64 bits are one. Others of it are refused.",
  "N",
  Listen.none,
  (text) => text === Listen.none ? Either.right(undefined) : positive(text)
)
export const acceptRate = value(
  "accept-rate",
  "How often one address may connect, such as 10/s or 100/m: so many at once, and so many in each such time. Others of it "
    + "are refused.",
  "RATE",
  Listen.none,
  Value.rate
)
export const maxFrame = value("max-frame", "Bytes of the longest message.", "BYTES", "65536", positive)
export const idleTimeout = value(
  "idle-timeout",
  "A client silent for this long is closed.",
  "TIME",
  "never",
  Value.limit
)
export const idle = choice(
  "idle",
  "Whether what a client is sent breaks its silence, too: both, or only what the client sends.",
  ["client", "both"],
  "client"
)
export const requestTimeout = value(
  "request-timeout",
  "A message once begun must be whole within this time.",
  "TIME",
  "30 seconds",
  Value.limit
)
export const writeTimeout = value(
  "write-timeout",
  "A client must take some of what it is sent within this time.",
  "TIME",
  "30 seconds",
  Value.limit
)
export const drainTimeout = value(
  "drain-timeout",
  "At the stop, how long clients have to take their replies.",
  "TIME",
  "10 seconds",
  Value.duration
)
export const drainDelay = value(
  "drain-delay",
  "At the stop, how long the server says that it is not ready, and still listens: time for a load balancer to notice.",
  "TIME",
  "0s",
  Value.delay
)
export const admin = value(
  "admin",
  "Where to see and change the running server, by HTTP: /livez, /readyz, /metrics, /connections, /limits, /drain and others.",
  "HOST:PORT|unix:PATH",
  Listen.none,
  Admin.adminPlace
)
export const adminTokenFile = value(
  "admin-token-file",
  "With --admin: a file with the token that whoever changes something must show. A unix socket needs none.",
  "FILE",
  Listen.none,
  Listen.file
)
export const adminShowMessages = flag(
  "admin-show-messages",
  "With --admin: whoever may look may see what a client and the server say to each other; with --admin-token-file, who shows "
    + "the token. Each message then costs more."
)
export const otlp = value(
  "otlp",
  "A collector that is sent a span for each connection, by OpenTelemetry's protocol over HTTP.",
  "URL",
  Listen.none,
  Admin.collector
)
export const delay = value(
  "delay",
  "How long each answer takes, besides its making: under select all wait for it, under threaded who asked.",
  "TIME",
  "0s",
  Value.delay
)
export const jitter = value(
  "jitter",
  "How much longer an answer may take than --delay says, by chance.",
  "TIME",
  "0s",
  Value.delay
)
export const evaluator = choice(
  "evaluator",
  "What calc understands: Python's expressions, or those of mathjs, a package to be installed beside this one.",
  ["python", "mathjs"],
  "python"
)
export const evaluatorWorkers = value(
  "evaluator-workers",
  "Processes in which calc evaluates all but plain arithmetic, each expression within 1 second and 128 MiB; with 0 the "
    + "server does it itself. For strangers as clients, under threaded: under select everybody waits for each of these. With "
    + "--workers, each of those has so many.",
  "N",
  "0",
  Value.integer(0, 64)
)
export const terse = flag("terse", "calc answers INVALID STATEMENT without the reason.")

export const logFormat = choice(
  "log-format",
  "How the log looks; auto is pretty on a terminal and logfmt elsewhere.",
  ["auto", "pretty", "logfmt", "json"],
  "auto"
)

const levels = LogLevel.allLevels.map(({ _tag }) => _tag.toLowerCase())

export const logLevel: Setting<LogLevel.LogLevel> = {
  name: "log-level",
  description: "The least level that is logged, of what the mode shows.",
  placeholder: levels.join("|"),
  choices: levels,
  fallback: "all",
  read: (text) =>
    Either.map(
      Value.oneOf(levels)(text),
      (level) => LogLevel.allLevels.find(({ _tag }) => _tag.toLowerCase() === level) ?? LogLevel.All
    )
}
