import * as Effect from "effect/Effect"
import type { Clients, Identity } from "../../../services/NodeTlsSocketServer.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"

export interface Options {
  readonly tlsCert: Chosen<ReadonlyArray<string>>
  readonly tlsKey: Chosen<ReadonlyArray<string>>
  readonly tlsClientCa: Chosen<string | undefined>
  readonly tlsClients: Chosen<Clients["certificate"]>
}

/** Who the server is, by the files of its certificates and keys; `place` needs to know. */
export const identities = (
  { tlsCert, tlsKey }: Options,
  place: string
): Effect.Effect<readonly [Identity, ...Array<Identity>], UsageError> => {
  const keys = tlsKey.value.length === 0 ? tlsCert.value : tlsKey.value
  if (keys.length !== tlsCert.value.length) {
    return new UsageError({
      message:
        `${tlsKey.source} names ${keys.length} keys, and ${tlsCert.source} ${tlsCert.value.length} certificates: each needs its own.`
    })
  }
  const [first, ...others] = tlsCert.value.map((certificate, at) => ({ certificate, key: keys[at]! }))
  return first === undefined
    ? new UsageError({
      message:
        `${place} needs a certificate: give --tls-cert FILE, and --tls-key FILE; switchboard certificate makes both for a try-out.`
    })
    : Effect.succeed([first, ...others])
}
