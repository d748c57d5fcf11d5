/** Settings that say nothing, contradict each other, or leave something open. */
import * as Duration from "effect/Duration"
import type { Address } from "../../../domain/Address.js"
import { isIn, networksOf } from "../../../services/node/networks.js"
import type { Chosen } from "../arguments/Setting.js"
import { variable } from "../arguments/Setting.js"
import { suggest } from "../arguments/spelling.js"
import { exposure } from "../serve/exposure.js"
import type { Place } from "../serve/places.js"
import type { Options } from "../serve/Serve.js"
import type { Finding } from "./Finding.js"
import { note, wrong } from "./Finding.js"

const about = "settings"

/** Variables that look like settings, and are none. The command takes no notice of them. */
export const strangers = (
  environment: Readonly<Record<string, string | undefined>>,
  known: ReadonlyArray<string>
): ReadonlyArray<Finding> => {
  const variables = known.map(variable)
  return Object.keys(environment)
    .filter((name) => name.startsWith("SWITCHBOARD_") && !variables.includes(name))
    .map((name) => wrong(about, `The environment has ${name}, which is no setting: ${suggest(name, variables)}`))
}

const isChosen = ({ source }: Chosen<unknown>): boolean => source !== "default"

/** Those that were chosen, and go with something that is not there. */
const idle = (
  model: string,
  protocol: string,
  options: Options,
  places: ReadonlyArray<Place>
): ReadonlyArray<Finding> => {
  const isMany = !["once", "iterative", "single"].includes(model)
  const rules: ReadonlyArray<readonly [settings: ReadonlyArray<Chosen<unknown>>, isUsed: boolean, needs: string]> = [
    [[options.maxConnections, options.atLimit], isMany, "threaded or select"],
    [[options.evaluator, options.evaluatorWorkers, options.terse], protocol === "calc", "the protocol calc"],
    [[options.socketMode, options.socketOwner], places.some(({ path }) => path !== undefined), "a place unix:PATH"],
    [[options.origins], places.some(({ webSocket }) => webSocket !== undefined), "a place ws:// or wss://"],
    [
      [options.tlsCert, options.tlsKey, options.tlsClientCa],
      places.some(({ tls }) => tls === true),
      "a place tls:// or wss://"
    ],
    [[options.tlsClients], options.tlsClientCa.value !== undefined, "--tls-client-ca"],
    [[options.idle], Duration.isFinite(options.idleTimeout.value), "--idle-timeout"]
  ]
  return rules.flatMap(([settings, isUsed, needs]) =>
    isUsed ?
      [] :
      settings.filter(isChosen).map(({ name, source }) =>
        note(about, `--${name} does nothing here: it goes with ${needs}.`, `It comes from ${source}.`)
      )
  )
}

/** What is chosen, and cannot be meant. */
const contradictions = (model: string, options: Options): ReadonlyArray<Finding> => {
  const { allow, deny, evaluatorWorkers } = options
  const findings: Array<Finding> = []
  if (allow.value !== undefined && deny.value !== undefined) {
    const denied = networksOf(deny.value)
    if (allow.value.every((network) => isIn(denied, network.replace(/\/.*/, "")))) {
      findings.push(
        wrong(about, "Nobody is let in: --deny has every network that --allow has.", "Leave out one of them.")
      )
    }
  }
  if (evaluatorWorkers.value > 0 && model === "select") {
    findings.push(note(
      about,
      "Under select everybody waits while one expression is at a worker of --evaluator-workers.",
      "Take threaded."
    ))
  }
  return findings
}

/** What strangers may do. */
const exposed = (protocol: string, options: Options, addresses: ReadonlyArray<Address>): ReadonlyArray<Finding> => {
  const sentence = exposure(protocol, addresses, options)
  return sentence === undefined ? [] : [wrong(about, `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)]
}

export const look = (
  model: string,
  protocol: string,
  options: Options,
  places: ReadonlyArray<Place>,
  addresses: ReadonlyArray<Address>
): ReadonlyArray<Finding> => [
  ...contradictions(model, options),
  ...exposed(protocol, options, addresses),
  ...idle(model, protocol, options, places)
]
