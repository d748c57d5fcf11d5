// Servers and clients as child processes, and what the kernel says of them. Linux only: it reads /proc.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"

/** The kernel counts CPU time in these, whatever its own clock (see times(2)): 100 a second on every Linux port of Node. */
const tick = 0.01

/** Seconds of CPU time a process has had. */
export const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")
  return (Number(fields[11]) + Number(fields[12])) * tick
}

/** Looks at a process's CPU time again and again, to tell later how much of it fell between two times. */
export const watchCpu = (pid) => {
  const samples = []
  const look = () => samples.push([Date.now(), cpuSeconds(pid)])
  look()
  const timer = setInterval(look, 10)
  /** As if it had been used evenly from one look to the next. */
  const at = (time) => {
    const next = samples.findIndex(([sampled]) => sampled >= time)
    const [[from, before], [to, after]] = [samples[next - 1], samples[next]]
    return before + (after - before) * (time - from) / (to - from)
  }
  return {
    between: (from, to) => {
      clearInterval(timer)
      look()
      return at(to) - at(from)
    }
  }
}

/** MiB in use now (`VmRSS`), or at the most until now (`VmHWM`). */
export const memory = (pid, kind) =>
  Number(new RegExp(`${kind}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024

/** Starts a server, and waits until it says where it listens. */
const start = async (command, stderr) => {
  const began = performance.now()
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", stderr] })
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, "line")
  const startMillis = performance.now() - began
  const [, path, number] = /^listening on (?:unix:(\S+)|(?:tcp|tls|ws):\/\/.*:(\d+)\/?) /.exec(line)
  // What Node's `connect` takes.
  const port = path ?? Number(number)
  return { child, pid: child.pid, port, startMillis }
}

const ended = async (child, signal) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  child.kill(signal)
  await exited
}

/** Starts a server that says where it listens; use it, then stop it. */
export const withServer = async (command, use) => {
  // What it logs goes where logs go that nobody reads.
  const server = await start(command, "ignore")
  try {
    return await use(server)
  } finally {
    await ended(server.child, "SIGKILL")
  }
}

/** The same of one that has workers, and a log to be read: it ends in good order. */
export const withService = async (command, use) => {
  const server = await start(command, "pipe")
  server.child.stderr.resume()
  try {
    return await use(server)
  } finally {
    await ended(server.child, "SIGTERM")
  }
}

/** Runs a program of Node's to its end; what it prints is JSON. */
export const run = async (...args) => {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text) => output += text)
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`Ended with ${code}: node ${args.join(" ")}`)
  return JSON.parse(output)
}
