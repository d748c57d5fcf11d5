// Loaded into a server before it starts: on SIGUSR2 it says on stdout how many bytes are in use after a collection.
import { writeSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc")

let times = 0
process.on("SIGUSR2", () => {
  // Twice: what the first finds dead may hold memory outside the heap until the second.
  collect()
  collect()
  const { external, heapUsed } = process.memoryUsage()
  writeSync(1, `held ${++times} ${heapUsed + external}\n`)
})
