/** What the processes of a server with workers are called, in ps(1) and by who looks for them. */

const prefix = "switchboard supervisor"

/** Called so from now on: with what follows the command's name. */
const call = (name: string): void => {
  process.title = `${name}: ${process.argv.slice(2).join(" ")}`
}

export const callSupervisor = (): void => call(prefix)

export const callWorker = (number: number): void => call(`switchboard worker ${number}`)

export const isSupervisor = (title: string): boolean => title.startsWith(prefix)
