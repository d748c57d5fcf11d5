// Measures everything that the project promises of its speed, on this machine, and writes results.md.
//   run.mjs [PART…]    prints only these parts, and writes nothing
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import os from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { cpuSeconds, memory, run, watchCpu, withServer, withService } from "./processes.mjs"
import { table } from "./table.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))

const node = process.execPath
const switchboard = "dist/main.js"
const serve = (model, protocol) => [node, switchboard, "serve", model, protocol, "--port", "0"]
const models = ["threaded", "select"]
const batched = [node, "bench/peers/net-batched.mjs"]
/** Both models, and what they are measured by. */
const echoServers = { threaded: serve("threaded", "echo"), select: serve("select", "echo"), "node:net": batched }
const perLine = [node, "bench/peers/net-per-line.mjs"]
const platform = [node, "bench/peers/effect-platform.mjs"]
const python = (...options) => ["python3", "bench/peers/eval-threads.py", ...options]

const request = "12+34*2"
/** Where servers are compared; elsewhere a row takes fewer. */
const rounds = 5
const fewRounds = 3
const starts = 11
const seconds = 1.25

const say = (text) => process.stderr.write(`${text}\n`)

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Puts a server under load, in a process of its own; gives requests a second, and the server's CPU microseconds a request. */
const load = (
  { command, connections = 50, depth = 1, framing = "line", message = request, protocol = "echo", way = [] }
) =>
  withServer(command, async ({ pid, port }) => {
    const cpu = watchCpu(pid)
    const { results: [result] } = await run(
      switchboard,
      ...`bench ${protocol} --port ${port} --message ${message} --framing ${framing} --json`.split(" "),
      ...`--connections ${connections} --depth ${depth} --duration ${seconds}s --warm-up 500ms`.split(" "),
      ...way
    )
    const began = Date.parse(result.began)
    const used = cpu.between(began, began + result.seconds * 1000)
    const { 50: median, 99: tail } = result.latency.percentiles
    return { perSecond: result.requestsPerSecond, cpu: used / result.replies * 1e6, median, tail }
  })

/** All of them in turn, again and again, so that what disturbs the machine disturbs all. Gives each one's rounds. */
const inTurn = async (what, rounds, measure, subjects) => {
  const figures = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    say(`${what}: round ${round} of ${rounds}`)
    for (const [name, subject] of Object.entries(subjects)) figures[name].push(await measure(subject))
  }
  return figures
}

const figure = (rounds, kind) => median(rounds.map((round) => round[kind]))

/** The median of the ratios, round by round. */
const ratio = (rounds, others, kind) => median(rounds.map((round, index) => round[kind] / others[index][kind]))

const whole = (value) => value.toLocaleString("en", { maximumFractionDigits: 0 })
const times = (value) => `${value.toFixed(2)} ×`

/** Rows of a comparison: each model against a peer. */
const against = (figures, peer, name, target) =>
  models.map((model) => [
    `${model} / ${name}`,
    target,
    times(ratio(figures[model], figures[peer], "perSecond")),
    times(ratio(figures[model], figures[peer], "cpu")),
    `${whole(figure(figures[model], "perSecond"))} / ${whole(figure(figures[peer], "perSecond"))}`,
    `${figure(figures[model], "cpu").toFixed(1)} / ${figure(figures[peer], "cpu").toFixed(1)}`
  ])

const each = (make) => Object.fromEntries(models.map((model) => [model, make(model)]))

const comparisons = async () => {
  const one = await inTurn("echo, one request at a time", rounds, load, {
    ...each((model) => ({ command: serve(model, "echo") })),
    batched: { command: batched },
    platform: { command: platform }
  })
  const many = await inTurn("echo, 32 requests at a time", rounds, load, {
    ...each((model) => ({ command: serve(model, "echo"), depth: 32 })),
    batched: { command: batched, depth: 32 },
    perLine: { command: perLine, depth: 32 }
  })
  const calc = await inTurn("calc, one request at a time", rounds, load, {
    ...each((model) => ({ command: serve(model, "calc"), protocol: "calc" })),
    pythonByLine: { command: python(), protocol: "calc", framing: "chunk" },
    pythonByBlock: { command: python("--block-buffered"), protocol: "calc", framing: "chunk" }
  })
  return table(["50 connections", "Target", "Throughput", "CPU a request", "Requests/s", "CPU µs a request"], [
    ...against(one, "batched", "node:net, batched by hand: echo, depth 1", "≥ 0.90 ×, CPU ≤ 1.25 ×"),
    ...against(many, "batched", "node:net, batched by hand: echo, depth 32", "≥ 0.70 ×"),
    ...against(many, "perLine", "node:net, a write a line: echo, depth 32", "≥ 8 ×"),
    ...against(one, "platform", "@effect/platform-node: echo, depth 1", "≥ 1.8 ×, CPU ≤ 0.5 ×"),
    ...against(calc, "pythonByLine", "Python, a thread a client, prints each request: calc, depth 1", "≥ 5 ×"),
    ...against(calc, "pythonByBlock", "the same, printing into a buffer: calc, depth 1", "")
  ])
}

/** What TLS costs, and what this package adds to it. */
const encrypted = async () => {
  const certificates = "test/fixtures/certificates"
  const way = ["--tls", "--ca", `${certificates}/authority.crt`]
  const subjects = (depth) => ({
    ...each((model) => ({
      command: [...serve(model, "echo"), "--tls-cert", `${certificates}/server.pem`],
      depth,
      way
    })),
    byHand: { command: [node, "bench/peers/tls-batched.mjs"], depth, way }
  })
  const one = await inTurn("echo by TLS, one request at a time", fewRounds, load, subjects(1))
  const many = await inTurn("echo by TLS, 32 requests at a time", fewRounds, load, subjects(32))
  return table(["TLS, 50 connections", "Target", "Throughput", "CPU a request", "Requests/s", "CPU µs a request"], [
    ...against(one, "byHand", "node:tls, batched by hand: echo, depth 1", "≥ 0.90 ×"),
    ...against(many, "byHand", "node:tls, batched by hand: echo, depth 32", "")
  ])
}

/** Expressions evaluated in the server, and in processes of their own. */
const workers = async () => {
  const kinds = { "plain arithmetic": request, "more than that": "sorted([3,1,2])" }
  const subjects = models.flatMap((model) =>
    Object.entries(kinds).flatMap(([kind, message]) =>
      [0, 1, 2].map((count) => {
        const command = [...serve(model, "calc"), "--evaluator-workers", String(count)]
        return [`${model}, ${kind}, ${count} workers`, { command, message, protocol: "calc" }]
      })
    )
  )
  const both = async (subject) => ({
    ...await load(subject),
    alone: (await load({ ...subject, connections: 1 })).median * 1000
  })
  const figures = await inTurn("calc, with workers", fewRounds, both, Object.fromEntries(subjects))
  const rows = Object.entries(figures).map(([name, rounds]) => [
    name,
    whole(figure(rounds, "alone")),
    whole(figure(rounds, "perSecond")),
    figure(rounds, "cpu").toFixed(1),
    `${figure(rounds, "median").toFixed(1)} / ${figure(rounds, "tail").toFixed(1)}`
  ])
  return table(
    [
      "`--evaluator-workers`",
      "Alone: µs a reply",
      "50 connections: requests/s",
      "Server's CPU µs a request",
      "ms, p50 / p99"
    ],
    rows
  )
}

const served = (model, protocol, count) => [...serve(model, protocol), "--workers", String(count)]

/** About a millisecond of CPU. */
const costly = "sum(map(int.bit_count,[2**65535-1]*6))"

/** Every core: what a second worker is worth. */
const cores = async () => {
  const reckoned = (command) =>
    withService(command, ({ port }) => run("bench/clients.mjs", "reckon", port, 50, seconds * 2, costly))
  const figures = await inTurn("calculations of a millisecond", rounds, reckoned, {
    "one process": serve("threaded", "calc"),
    "1 worker": served("threaded", "calc", 1),
    "2 workers": served("threaded", "calc", 2)
  })
  // What the clients take of two cores the workers do not have.
  const whole2 = figures["2 workers"].map(({ cores, perSecond }) => ({ accounted: perSecond * 2 / (2 - cores) }))
  const ones = figures["1 worker"].map(({ perSecond }) => ({ accounted: perSecond }))
  return table(
    [
      "1 ms of CPU a request, threaded, 50 connections",
      "Requests/s",
      "Clients' cores",
      "/ 1 worker",
      "Accounted",
      "Target"
    ],
    Object.entries(figures).map(([name, rounds]) => [
      name,
      whole(figure(rounds, "perSecond")),
      figure(rounds, "cores").toFixed(2),
      times(ratio(rounds, figures["1 worker"], "perSecond")),
      ...(name === "2 workers" ? [times(ratio(whole2, ones, "accounted")), "≥ 1.8 × accounted"] : ["", ""])
    ])
  )
}

/** What is lost to workers, and to reloads under load. */
const reloads = async () => {
  const most = 10
  // At least so many requests, and until all reloads are done.
  const least = 100_000
  const batch = 50_000
  const reloading = (clients) =>
    withService(served("threaded", "echo", 2), async ({ child, port, pid }) => {
      let done = 0
      createInterface({ input: child.stderr }).on("line", (line) => {
        if (!line.includes("event=reloaded")) return
        if (++done < most) setTimeout(() => process.kill(pid, "SIGHUP"), 200)
      })
      setTimeout(() => process.kill(pid, "SIGHUP"), 500)
      const all = { asked: 0, done: 0, lost: 0, seconds: 0 }
      while (all.asked < least || all.done < most) {
        const { lost, seconds } = await clients(port)
        all.asked += batch
        all.lost += lost
        all.seconds += seconds
        all.done = done
      }
      return all
    })
  const rows = []
  const clients = {
    "connect, ask and leave": (port) => run("bench/clients.mjs", "visit", port, batch, 50),
    "Client.reconnecting": (port) => run("bench/cores/reconnecting.mjs", port, batch, 50)
  }
  for (const [name, come] of Object.entries(clients)) {
    say(`${name}, while the server is reloaded`)
    const { asked, done, lost, seconds } = await reloading(come)
    rows.push([name, whole(asked), done, lost, `${seconds.toFixed(1)} s`, `${most} reloads, none lost`])
  }
  say("10,000 clients that ask once and leave")
  const { lost, seconds: took } = await withService(
    served("threaded", "echo", 2),
    ({ port }) => run("bench/clients.mjs", "visit", port, 10_000, 100)
  )
  rows.push(["connect, ask and leave, not reloaded", whole(10_000), 0, lost, `${took.toFixed(1)} s`, "none lost"])
  return table(["2 workers, threaded echo", "Requests", "Reloads", "Lost", "Within", "Target"], rows)
}

/** Cost a request, from few connections to many. */
const flatness = async () => {
  const counts = [10, 100, 1000]
  const costs = async (command) => {
    const cpu = {}
    for (const connections of counts) cpu[connections] = (await load({ command, connections })).cpu
    return cpu
  }
  const figures = await inTurn("echo, with 10 to 1,000 connections", rounds, costs, echoServers)
  const rows = Object.keys(echoServers).map((name) => {
    const medians = counts.map((connections) => figure(figures[name], connections))
    return [
      name,
      ...medians.map((cost) => cost.toFixed(1)),
      `${((Math.max(...medians) / Math.min(...medians) - 1) * 100).toFixed(0)} %`,
      name === "node:net" ? "" : "≤ 15 %"
    ]
  })
  return table(["CPU µs a request (echo, depth 1)", "10 connections", "100", "1,000", "Spread", "Target"], rows)
}

/** So many clients connect and stay while `use` looks on. */
const held = async (port, count, use) => {
  const clients = spawn(node, ["bench/clients.mjs", "hold", port, count], { stdio: ["pipe", "pipe", "inherit"] })
  await once(clients.stdout, "data")
  const result = await use()
  clients.stdin.end()
  await once(clients, "exit")
  return result
}

const idle = async () => {
  const count = 10_000
  const targets = { threaded: "≤ 12", select: "≤ 6", "node:net": "" }
  const grown = (command) =>
    withServer(command, async ({ pid, port }) => {
      await wait(300)
      const before = memory(pid, "VmRSS")
      return held(port, count, async () => {
        await wait(300)
        return (memory(pid, "VmRSS") - before) * 1024 / count
      })
    })
  const figures = await inTurn(`${whole(count)} idle connections`, fewRounds, grown, echoServers)
  const rows = Object.keys(echoServers).map((name) => [name, median(figures[name]).toFixed(1), targets[name]])
  return table(["10,000 idle connections", "KiB each", "Target"], rows)
}

const visits = async () => {
  const count = 10_000
  const visited = (command) =>
    withServer(command, async ({ pid, port }) => {
      // The first are for the compilers.
      await run("bench/clients.mjs", "visit", port, count / 2, 100)
      const before = cpuSeconds(pid)
      const { lost, seconds } = await run("bench/clients.mjs", "visit", port, count, 100)
      return { cpu: (cpuSeconds(pid) - before) / count * 1e6, lost, perSecond: count / seconds }
    })
  const figures = await inTurn(`${whole(count)} clients that ask once and leave`, fewRounds, visited, echoServers)
  const rows = Object.keys(echoServers).map((name) => [
    name,
    whole(figure(figures[name], "perSecond")),
    whole(figure(figures[name], "cpu")),
    times(ratio(figures[name], figures["node:net"], "cpu")),
    Math.max(...figures[name].map(({ lost }) => lost)),
    name === "node:net" ? "" : "≤ 1.4 ×, none lost"
  ])
  return table(
    [
      "10,000 clients connect, ask once and leave, behind 5,000 others",
      "Clients/s",
      "CPU µs a client",
      "/ node:net",
      "Lost",
      "Target"
    ],
    rows
  )
}

const burst = async () => {
  const count = 4000
  const rows = []
  for (const model of models) {
    say(`${model}, with ${whole(count)} clients at once`)
    const { lost, seconds } = await withServer(
      serve(model, "echo"),
      ({ port }) => run("bench/clients.mjs", "visit", port, count, count)
    )
    rows.push([model, lost, `${seconds.toFixed(2)} s`, "none lost"])
  }
  return table(["4,000 clients connect at once", "Lost", "All answered within", "Target"], rows)
}

const chars = async () => {
  const count = 10_000
  say(`select, chars, with ${whole(count)} clients`)
  const share = await withServer(serve("select", "chars"), ({ pid, port }) =>
    held(port, count, async () => {
      await wait(5000)
      const before = cpuSeconds(pid)
      await wait(5000)
      return (cpuSeconds(pid) - before) / 5
    }))
  return table(["chars, 10,000 clients", "Cores", "Target"], [["select", share.toFixed(2), "< 0.5"]])
}

/** What a turn costs by how it is written: a program of its own each, under one model. */
const turns = async () => {
  const kinds = ["succeed", "sync", "gen", "machine", "script"]
  const commands = Object.fromEntries(kinds.map((kind) => [kind, [node, "bench/turns/server.mjs", kind]]))
  const pairs = [
    ["Effect.sync / Effect.succeed", "sync", "succeed", "≤ 1.1 ×"],
    ["Effect.gen with a service / Effect.succeed", "gen", "succeed", "≤ 1.5 ×"],
    ["direct style / machine", "script", "machine", "≤ 1.3 ×"]
  ]
  const rows = []
  for (const depth of [1, 32]) {
    const subjects = Object.fromEntries(kinds.map((kind) => [kind, { command: commands[kind], depth }]))
    const figures = await inTurn(`turns, ${depth} at a time`, rounds, load, subjects)
    for (const [name, one, other, target] of pairs) {
      rows.push([
        `${name}, depth ${depth}`,
        times(ratio(figures[one], figures[other], "cpu")),
        `${figure(figures[one], "cpu").toFixed(2)} / ${figure(figures[other], "cpu").toFixed(2)}`,
        target
      ])
    }
  }
  const floor = await run("bench/turns/floor.mjs")
  const each = (kind) => `${kind} ${floor[kind].toFixed(2)}`
  return `${table(["threaded, 50 connections", "CPU a request", "CPU µs a request", "Target"], rows)}

The turn by itself, evaluated by one fiber with no server around it, in CPU µs: ${
    ["succeed", "sync", "gen"].map(each).join(", ")
  }.`
}

/** A long reply, as a Stream of lines, beside what node:stream makes of the same lines. */
const tail = async () => {
  const count = 200_000
  const servers = {
    threaded: serve("threaded", "./bench/turns/tail.mjs"),
    select: serve("select", "./bench/turns/tail.mjs"),
    "node:stream": [node, "bench/peers/net-tail.mjs"]
  }
  const read = (command) => withServer(command, ({ port }) => run("bench/clients.mjs", "tail", port, count))
  const figures = await inTurn(`tail ${whole(count)}`, rounds, read, servers)
  const rows = Object.keys(servers).map((name) => [
    name,
    whole(figure(figures[name], "perSecond")),
    times(ratio(figures[name], figures["node:stream"], "perSecond")),
    name === "node:stream" ? "" : "≥ 0.5 ×"
  ])
  return table([`A reply of ${whole(count)} lines`, "Lines/s", "/ node:stream", "Target"], rows)
}

/** A bystander beside clients that ask the dearest legal line without end, and a stop in the middle of it. */
const fairness = async () => {
  const rows = []
  for (const model of models) {
    for (const count of [1, 10, 100]) {
      say(`${model}, a bystander beside ${count} who pester`)
      rows.push(
        await withServer([...serve(model, "calc"), "--drain-timeout", "2 seconds"], async ({ child, pid, port }) => {
          const pests = spawn(node, ["bench/clients.mjs", "pester", port, count], { stdio: ["pipe", "pipe", "ignore"] })
          await once(pests.stdout, "data")
          await wait(500)
          const { asked, median, most, tail } = await run("bench/clients.mjs", "wonder", port, 4)
          const stopped = performance.now()
          process.kill(pid, "SIGTERM")
          await once(child, "exit")
          const drained = (performance.now() - stopped) / 1000
          pests.kill()
          const [p50, p99, worst] = [median, tail, most].map((time) => `${time.toFixed(1)} ms`)
          return [
            `${model}, ${count}`,
            whole(asked),
            p50,
            p99,
            worst,
            `${drained.toFixed(2)} s`,
            "p99 ≤ 30 ms, stop ≤ 3 s"
          ]
        })
      )
    }
  }
  return table(
    ["A bystander asks 1+1 beside clients that pester", "Asked", "p50", "p99", "Worst", "Stop", "Target"],
    rows
  )
}

/** What it costs to tell many the same. */
const room = async () => {
  const count = 1000
  const told = (command, atOnce) =>
    withServer(command, async ({ pid, port }) => {
      const cpu = watchCpu(pid)
      const { began, deliveries, seconds: took } = await run("bench/clients.mjs", "gather", port, count, atOnce, 2)
      return { cpu: cpu.between(began, began + took * 1000) / deliveries * 1e6, perSecond: deliveries / took }
    })
  const servers = {
    ...each((model) => [node, "bench/peers/room.mjs", model]),
    "node:net": [node, "bench/peers/net-room.mjs"],
    PubSub: [node, "bench/peers/pubsub-room.mjs"]
  }
  const rows = []
  for (const atOnce of [1, 16]) {
    const figures = await inTurn(
      `a room of ${whole(count)}, ${atOnce} at once`,
      fewRounds,
      (command) => told(command, atOnce),
      servers
    )
    for (const name of Object.keys(servers)) {
      rows.push([
        `${name}, ${atOnce} at once`,
        whole(figure(figures[name], "perSecond")),
        figure(figures[name], "cpu").toFixed(2),
        times(ratio(figures[name], figures["node:net"], "cpu")),
        times(ratio(figures[name], figures.PubSub, "cpu")),
        models.includes(name) ? "≤ 1.3 ×, ≤ 0.5 ×" : ""
      ])
    }
  }
  return table(
    ["A room of 1,000", "Deliveries/s", "CPU µs a delivery", "/ node:net", "/ PubSub, a fiber a member", "Target"],
    rows
  )
}

/** Fifty clients that send line by line, or frame by frame, so many at a time. */
const volleys = (mode) => ({ command, depth }) =>
  withServer(command, async ({ pid, port }) => {
    const cpu = watchCpu(pid)
    const { began, replies, seconds: took } = await run("bench/clients.mjs", mode, port, 50, depth, seconds)
    return { cpu: cpu.between(began, began + took * 1000) / replies * 1e6, perSecond: replies / took }
  })

/** A unix socket against TCP. */
const unix = async () => {
  const path = join(mkdtempSync(join(os.tmpdir(), "switchboard-bench-")), "echo.sock")
  const pairs = {
    ...each((model) => [serve(model, "echo"), [node, switchboard, "serve", model, "echo", "--listen", `unix:${path}`]]),
    "node:net": [batched, [...batched, "--unix", path]]
  }
  const rows = []
  for (const depth of [1, 32]) {
    const subjects = Object.entries(pairs).flatMap(([name, [tcp, unix]]) => [
      [`${name} tcp`, { command: tcp, depth }],
      [`${name} unix`, { command: unix, depth }]
    ])
    const figures = await inTurn(
      `echo at a unix socket, ${depth} at a time`,
      rounds,
      volleys("line"),
      Object.fromEntries(subjects)
    )
    for (const name of Object.keys(pairs)) {
      const [unix, tcp] = [figures[`${name} unix`], figures[`${name} tcp`]]
      rows.push([
        `${name}, depth ${depth}`,
        times(ratio(unix, tcp, "perSecond")),
        times(ratio(unix, tcp, "cpu")),
        `${whole(figure(unix, "perSecond"))} / ${whole(figure(tcp, "perSecond"))}`,
        `${figure(unix, "cpu").toFixed(1)} / ${figure(tcp, "cpu").toFixed(1)}`,
        name === "node:net" ? "" : "≥ 1 ×"
      ])
    }
  }
  rmSync(dirname(path), { recursive: true })
  return table(
    ["A unix socket / TCP, 50 connections", "Throughput", "CPU a request", "Requests/s", "CPU µs a request", "Target"],
    rows
  )
}

/** WebSocket against npm's ws. */
const webSocket = async () => {
  const listening = (model) => [node, switchboard, "serve", model, "echo", "--listen", "ws://127.0.0.1:0"]
  const rows = []
  for (const depth of [1, 32]) {
    const figures = await inTurn(`WebSocket echo, ${depth} at a time`, rounds, volleys("frame"), {
      ...each((model) => ({ command: listening(model), depth })),
      ws: { command: [node, "bench/peers/ws-echo.mjs"], depth }
    })
    rows.push(...against(figures, "ws", `ws, by hand: echo, depth ${depth}`, "≥ 0.90 ×"))
  }
  return table(
    ["WebSocket, 50 connections", "Target", "Throughput", "CPU a request", "Requests/s", "CPU µs a request"],
    rows
  )
}

/** What is written for @effect/platform and @effect/rpc, on this package's sockets and on @effect/platform-node's. */
const platforms = async () => {
  const clients = "bench/platformClients.mjs"
  const names = { lines: "SocketServer", rpc: "RPC, NDJSON" }
  const servers = (kind) => ["switchboard", "effect"].map((whose) => [node, "bench/peers/platform.mjs", whose, kind])
  const finished = (kind) => (command) =>
    withServer(command, async ({ port }) => (await run(clients, "finish", kind, port, 100)).answered)
  const stopped = (kind) => (command) =>
    withServer(command, async ({ pid, port }) => {
      const asking = spawn(node, [clients, "remain", kind, port, 20], { stdio: ["ignore", "pipe", "inherit"] })
      const lines = createInterface({ input: asking.stdout })[Symbol.asyncIterator]()
      await lines.next()
      await wait(50)
      process.kill(pid, "SIGTERM")
      return JSON.parse((await lines.next()).value).answered
    })
  const flooded = (kind) => (command) =>
    withServer(command, async ({ pid, port }) => {
      await run(clients, "ask", kind, port, 1, 0.1, 1)
      const before = memory(pid, "VmRSS")
      await run(clients, "flood", kind, port, 5)
      return memory(pid, "VmHWM") - before
    })
  const costs = (kind, connections, depth) => (command) =>
    withServer(command, async ({ pid, port }) => {
      const cpu = watchCpu(pid)
      const asked = await run(clients, "ask", kind, port, connections, seconds, depth)
      return { cpu: cpu.between(asked.began, asked.began + asked.seconds * 1000) / asked.replies * 1e6 }
    })
  const mebibytes = (value) => `${value < 0 ? "" : "+"}${whole(value)} MiB`
  const rows = []
  for (const [kind, name] of Object.entries(names)) {
    say(`${name}: half-close, stop, flood`)
    const counts = [
      { what: "replies to 100 who have finished", target: "100", measure: finished(kind), write: whole },
      { what: "replies to 20 at the stop", target: "20", measure: stopped(kind), write: whole },
      {
        what: "memory, while one asks for 5 s and reads nothing",
        target: "< +32 MiB",
        measure: flooded(kind),
        write: mebibytes
      }
    ]
    for (const { measure, target, what, write } of counts) {
      const figures = []
      for (const command of servers(kind)) figures.push(write(await measure(command)))
      rows.push([`${name}: ${what}`, target, ...figures, ""])
    }
    const loads = [
      { connections: 50, depth: 1, target: "≤ 0.85 ×" },
      { connections: 1, depth: 32, target: "≤ 0.6 ×" }
    ]
    for (const { connections, depth, target } of loads) {
      const what = `CPU µs a request, ${
        connections === 1 ? "one connection" : `${connections} connections`
      }, depth ${depth}`
      const [ours, theirs] = servers(kind)
      const figures = await inTurn(`${name}: ${what}`, rounds, costs(kind, connections, depth), { ours, theirs })
      const [one, other] = [figures.ours, figures.theirs].map((rounds) => figure(rounds, "cpu").toFixed(1))
      rows.push([`${name}: ${what}`, target, one, other, times(ratio(figures.ours, figures.theirs, "cpu"))])
    }
  }
  return table([
    "What is written for Effect's own",
    "Target",
    "On these sockets",
    "On @effect/platform-node's",
    "Ratio"
  ], rows)
}

const start = async () => {
  say("start")
  const figures = []
  while (figures.length < starts) {
    figures.push(
      await withServer(serve("select", "calc"), async ({ pid, startMillis }) => {
        await wait(100)
        return { startMillis, mebibytes: memory(pid, "VmHWM") }
      })
    )
  }
  return table(["Start", "To listening", "Memory at most", "Target"], [[
    "serve select calc",
    `${whole(figure(figures, "startMillis"))} ms`,
    `${whole(figure(figures, "mebibytes"))} MiB`,
    "< 200 ms, < 70 MiB"
  ]])
}

/** Two servers behind each proxy as docs/ configures it, restarted in turn while clients connect, ask and leave. */
const restarts = async () => {
  const rows = []
  for (const proxy of ["haproxy", "nginx"]) {
    say(`restarts behind ${proxy}`)
    try {
      const { asked, lost, restarted } = await run("bench/rolling.mjs", proxy, "20000", "10")
      rows.push([proxy, whole(asked), restarted, lost, "none lost of 20,000"])
    } catch {
      rows.push([proxy, "", "", "", "not measured: see above"])
    }
  }
  return table(["Two servers behind", "Requests", "Restarts", "Lost", "Target"], rows)
}

const all = {
  start,
  comparisons,
  turns,
  tail,
  workers,
  cores,
  reloads,
  flatness,
  idle,
  visits,
  burst,
  room,
  unix,
  webSocket,
  encrypted,
  platform: platforms,
  chars,
  fairness,
  restarts
}
const chosen = process.argv.slice(2)
const parts = []
for (const name of chosen.length > 0 ? chosen : Object.keys(all)) parts.push(await all[name]())
if (chosen.length > 0) {
  console.log(parts.join("\n\n"))
  process.exit()
}

writeFileSync(
  "bench/results.md",
  `# Results

Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${
    os.cpus()[0].model.trim()
  }, ${os.availableParallelism()} cores,
${
    Math.round(os.totalmem() / 2 ** 30)
  } GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}. Client and server share the cores. Figures are medians of
${rounds} rounds of ${seconds} s (${fewRounds} of idle clients and of those that leave), in which all that are compared take turns; ratios are medians of the rounds'
own. The start is the median of ${starts}; the last three tables are of one run, and so are the replies and the memory of what is written for Effect's own. Trust the ratios more than the figures, and CPU more than throughput: the load generator (\`switchboard bench\`) needs about as much
CPU as a server does, so that the faster of two servers waits for it. The peers are in [peers/](peers).

${parts.join("\n\n")}
`
)
say("bench/results.md is written.")
