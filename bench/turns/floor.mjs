// What an Effect of the reply costs by itself: evaluated again and again by one fiber, with no server around it.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const times = 200_000

const again = (effect, left) => left === 0 ? Effect.void : Effect.flatMap(effect(), () => again(effect, left - 1))

/** CPU microseconds an evaluation: the least of a few goes, when it is warm. */
const cost = async (effect, services) => {
  const goes = []
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage()
    await Effect.runPromise(Effect.suspend(() => again(effect, times)).pipe(Effect.provide(services)))
    const { system, user } = process.cpuUsage(before)
    goes.push((system + user) / times)
  }
  return Math.min(...goes)
}

const figures = {}
for (const kind of ["succeed", "sync", "gen"]) {
  const { default: protocol, services = Context.empty() } = await import(`./${kind}.mjs`)
  figures[kind] = await cost(() => protocol.machine.receive(undefined, "12+34*2"), services)
}
console.log(JSON.stringify(figures))
