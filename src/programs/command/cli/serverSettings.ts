/** The words of a server's settings, for the commands that start one or look at what would be started. */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"
import * as argument from "../arguments/argument.js"
import * as Setting from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"

/** None, as it is written where nobody has chosen one. */
export const none = "none"

export const model = Setting.orElsewhere(argument.text("MODEL"), "MODEL", "model", none).pipe(
  Args.withDescription("Who runs the conversations: once, iterative, single, threaded or select.")
)

export const protocol = Setting.orElsewhere(argument.text("PROTOCOL"), "PROTOCOL", "protocol", "calc").pipe(
  Args.withDescription(
    "What is said: calc, echo, reverse, chars, or the path of an ES module whose default export is a protocol."
  )
)

/** It is read where settings are looked for, before the command runs. */
export const config = Options.text("config").pipe(
  Options.withPseudoName("FILE"),
  Options.optional,
  Options.withDescription("Take the settings of this file, .json, .yaml or .toml, and of no other.")
)

/** In the order in which they are printed. */
export const serverSettings = {
  host: Setting.chosen(settings.host),
  port: Setting.chosen(settings.port),
  listen: Setting.chosen(settings.listen),
  inetd: Setting.chosen(settings.inetd),
  origins: Setting.chosen(settings.origins),
  socketMode: Setting.chosen(settings.socketMode),
  socketOwner: Setting.chosen(settings.socketOwner),
  proxyProtocol: Setting.chosen(settings.proxyProtocol),
  allow: Setting.chosen(settings.allow),
  deny: Setting.chosen(settings.deny),
  tlsCert: Setting.chosen(settings.tlsCert),
  tlsKey: Setting.chosen(settings.tlsKey),
  tlsClientCa: Setting.chosen(settings.tlsClientCa),
  tlsClients: Setting.chosen(settings.tlsClients),
  workers: Setting.chosen(settings.workers),
  pidFile: Setting.chosen(settings.pidFile),
  framing: Setting.chosen(settings.framing),
  maxConnections: Setting.chosen(settings.maxConnections),
  atLimit: Setting.chosen(settings.atLimit),
  maxConnectionsPerAddress: Setting.chosen(settings.maxConnectionsPerAddress),
  acceptRate: Setting.chosen(settings.acceptRate),
  maxFrame: Setting.chosen(settings.maxFrame),
  idleTimeout: Setting.chosen(settings.idleTimeout),
  idle: Setting.chosen(settings.idle),
  requestTimeout: Setting.chosen(settings.requestTimeout),
  writeTimeout: Setting.chosen(settings.writeTimeout),
  drainTimeout: Setting.chosen(settings.drainTimeout),
  drainDelay: Setting.chosen(settings.drainDelay),
  admin: Setting.chosen(settings.admin),
  adminTokenFile: Setting.chosen(settings.adminTokenFile),
  adminShowMessages: Setting.chosen(settings.adminShowMessages),
  otlp: Setting.chosen(settings.otlp),
  delay: Setting.chosen(settings.delay),
  jitter: Setting.chosen(settings.jitter),
  mode: Setting.chosen(settings.mode),
  logFormat: Setting.chosen(settings.logFormat),
  logLevel: Setting.chosen(settings.logLevel),
  evaluator: Setting.chosen(settings.evaluator),
  evaluatorWorkers: Setting.chosen(settings.evaluatorWorkers),
  terse: Setting.chosen(settings.terse)
}
