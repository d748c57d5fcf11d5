/** What a person can say to the prompt itself, rather than to the server. */
export type Command = "help" | "time" | "reconnect" | "leave"

/** All the ways to say it, the one that help and Tab show first. */
const spellings: Readonly<Record<Command, ReadonlyArray<string>>> = {
  help: [":help", "help", "?"],
  time: [":time"],
  reconnect: [":reconnect"],
  leave: ["exit", "quit", ":q"]
}

const commands = new Map(
  Object.entries(spellings).flatMap(([command, words]) => words.map((word) => [word, command as Command] as const))
)

/** The command that a line is, spaces around it or not; undefined for one that is to be sent. */
export const commandOf = (line: string): Command | undefined => commands.get(line.trim())

/** For Tab. */
export const words: ReadonlyArray<string> = Object.values(spellings).map(([word]) => word!)

export const help = `\
  :time        shows how long each reply took; once more, and it does not
  :reconnect   connects anew
  :help        shows this; so do help and ?
  exit         disconnects and leaves; so do quit, :q and Ctrl+D
  Ctrl+C       clears the line; twice leaves
  Up, Down     go through what was typed, in earlier sessions, too
  Ctrl+R       finds in it what has the letters that are typed next
  Tab          completes a command, a name, or what was typed before
Everything else is sent as it is. One of these words is sent by: switchboard connect PROTOCOL WORD`

/** The first line of a session. */
export const greeting = ":help shows what can be typed, exit leaves."
