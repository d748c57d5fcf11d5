// Compares examples/redis with Debian's redis-server, by redis-benchmark: npm run bench:redis
// A core for the server and another for the clients, so that it is the server that is measured.
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))

const rounds = 5
const commands = ["SET", "GET", "INCR"]
/** Requests in flight on each of 50 connections, and how many in all. */
const depths = [{ depth: 1, requests: 60_000 }, { depth: 16, requests: 400_000 }]
const ports = { redis: 7102, ours: 7101 }

const launch = async (command, isReady) => {
  const server = spawn("taskset", ["-c", "0", ...command])
  let said = ""
  while (!isReady.test(said)) said += (await once(server.stdout, "data"))[0]
  return server
}

const measure = async (port, { depth, requests }) => {
  const options = `-p ${port} -c 50 -n ${requests} -P ${depth} -r 1000 --csv -t ${commands.join().toLowerCase()}`
  const { stdout } = await promisify(execFile)("taskset", ["-c", "1", "redis-benchmark", ...options.split(" ")])
  return stdout.trim().split("\n").slice(1).map((line) => Number(line.split(",")[1].replaceAll("\"", "")))
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const servers = [
  await launch([process.execPath, "scripts/example.mjs", "redis", String(ports.ours)], /Ready/),
  await launch(["redis-server", "--port", String(ports.redis), "--save", "", "--appendonly", "no"], /Ready/)
]
try {
  for (const load of depths) {
    const figures = commands.map(() => ({ ours: [], redis: [] }))
    for (let round = 0; round <= rounds; round++) {
      for (const [name, port] of Object.entries(ports)) {
        const perSecond = await measure(port, load)
        // The first round warms up.
        if (round > 0) perSecond.forEach((value, index) => figures[index][name].push(value))
      }
    }
    commands.forEach((command, index) => {
      const { ours, redis } = figures[index]
      const ratio = median(ours.map((value, round) => value / redis[round]))
      console.log(
        `-P ${load.depth} ${command}: ${ratio.toFixed(2)} of redis-server's ` +
          `(${Math.round(median(ours))} / ${Math.round(median(redis))} requests/s)`
      )
    })
  }
} finally {
  for (const server of servers) server.kill()
}
