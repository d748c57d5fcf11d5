import * as MachineId from "@effect/cluster/MachineId"
import type { Runner } from "@effect/cluster/Runner"
import { RunnerStorage } from "@effect/cluster/RunnerStorage"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Runners and the locks on their shards, for several in one process: @effect/cluster's own in memory is for one. */
export const layer = Layer.sync(RunnerStorage, () => {
  const runners = new Map<string, { readonly runner: Runner; healthy: boolean }>()
  const owners = new Map<string, string>()
  let machines = 0
  return RunnerStorage.of({
    register: (runner, healthy) =>
      Effect.sync(() => {
        runners.set(String(runner.address), { runner, healthy })
        return MachineId.make(machines++)
      }),
    unregister: (address) => Effect.sync(() => void runners.delete(String(address))),
    getRunners: Effect.sync(() => Array.from(runners.values(), ({ healthy, runner }) => [runner, healthy] as const)),
    setRunnerHealth: (address, healthy) =>
      Effect.sync(() => {
        const known = runners.get(String(address))
        if (known !== undefined) known.healthy = healthy
      }),
    acquire: (address, shards) =>
      Effect.sync(() =>
        Array.from(shards).filter((shard) => {
          if (!owners.has(String(shard))) owners.set(String(shard), String(address))
          return owners.get(String(shard)) === String(address)
        })
      ),
    refresh: (address, shards) =>
      Effect.sync(() => Array.from(shards).filter((shard) => owners.get(String(shard)) === String(address))),
    release: (_address, shard) => Effect.sync(() => void owners.delete(String(shard))),
    releaseAll: (address) =>
      Effect.sync(() => {
        for (const [shard, owner] of owners) if (owner === String(address)) owners.delete(shard)
      })
  })
})
