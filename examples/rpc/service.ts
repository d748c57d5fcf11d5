import { Rpc, RpcGroup } from "@effect/rpc"
import { Schema } from "effect"

/** Nobody has reported from there. */
export class UnknownPlace extends Schema.TaggedError<UnknownPlace>()("UnknownPlace", { place: Schema.String }) {}

const place = { place: Schema.String }

/** What server and clients share: each request with its payload, its reply and its error. */
export const Weather = RpcGroup.make(
  Rpc.make("Report", { payload: { ...place, celsius: Schema.Number } }),
  Rpc.make("Latest", { payload: place, success: Schema.Number, error: UnknownPlace }),
  Rpc.make("Watch", { payload: place, success: Schema.Number, error: UnknownPlace, stream: true })
)
