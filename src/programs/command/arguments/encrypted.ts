/** The way to a server, by TLS or without. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { Connector } from "../../../services/Connector.js"
import type { ProxyHeader } from "../../../services/NodeConnector.js"
import * as NodeConnector from "../../../services/NodeConnector.js"
import type { Chosen } from "./Setting.js"
import { UsageError } from "./UsageError.js"

export interface Encryption {
  readonly tls: boolean
  readonly ca: Chosen<string | undefined>
  readonly cert: Chosen<string | undefined>
  readonly key: Chosen<string | undefined>
  readonly servername: Chosen<string | undefined>
  readonly insecure: Chosen<boolean>
  /** What is said before it by the PROXY protocol, if anything is. */
  readonly proxyHeader?: ProxyHeader | undefined
}

/** What is to be said where nobody is asked who they are. */
export const warning = ({ insecure, tls }: Encryption): string | undefined =>
  tls && insecure.value
    ? `${insecure.source}: whoever answers is believed, and anybody on the way may read and change what is said.`
    : undefined

/** Settings for TLS that stand in the environment or in a file are for those connections that are by TLS. */
export const encrypted = (
  { ca, cert, insecure, key, proxyHeader, servername, tls }: Encryption
): Layer.Layer<Connector, UsageError | CertificateUnusable> => {
  if (!tls) {
    const flag = [ca, cert, key, servername, insecure].find(({ source }) => source.startsWith("--"))
    return flag === undefined
      ? NodeConnector.layerWith({ proxyHeader })
      : Layer.fail(new UsageError({ message: `${flag.source} needs TLS: add --tls, or write tls://HOST:PORT.` }))
  }
  return Effect.promise(() => import("../../../services/NodeTlsConnector.js")).pipe(
    Effect.map(({ layer }) =>
      layer({
        ca: ca.value,
        cert: cert.value,
        key: key.value ?? cert.value,
        servername: servername.value,
        insecure: insecure.value,
        proxyHeader
      })
    ),
    Layer.unwrapEffect
  )
}
