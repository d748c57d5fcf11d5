// The built `connect` in a pseudo-terminal: the prompt, and the keys of chars.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { execFileSync } from "node:child_process"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import * as OldServer from "./OldServer.js"
import * as Peer from "./Peer.js"
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"
import { key } from "./Terminal.js"

const red = "\\x1b\\[31m"

/** A prompt, once its colours and movements are drawn: the cursor stands behind it. */
const prompt = />.{0,12}\x1b\[\d+G/

/** Whether the terminal edits lines and echoes, as a shell needs it. */
const restored = /-?\bicanon\b[^]*[^-]\becho\b/

const prompting = (...args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const server = yield* Switchboard.serve(["select"])
    const terminal = yield* Terminal.run(`${Terminal.connect(server.port, ...args)}; echo "code $?"`)
    yield* terminal.shows(prompt)
    return { server, terminal }
  })

describe("the prompt", () => {
  it.scopedLive("names the protocol and the peer, and marks the reply", () =>
    Effect.gen(function*() {
      const { server, terminal } = yield* prompting()
      expect(stripVTControlCharacters(terminal.text())).toContain(`calc 127.0.0.1:${server.port}> `)
      yield* terminal.type("22 + 44\r")
      yield* terminal.shows(/< \x1b\[1m66\x1b\[22m\r\n/)
      yield* terminal.type("4 / 2\r")
      yield* terminal.shows(/< \x1b\[1m2\.0\x1b\[22m\r\n/)
      yield* terminal.type("exit\r")
      yield* terminal.shows(/code 0/)
    }))

  it.scopedLive("shows an error in red, with a caret under the fault in what was typed", () =>
    Effect.gen(function*() {
      const { server, terminal } = yield* prompting()
      yield* terminal.type("1 + * 2\r")
      const start = `calc 127.0.0.1:${server.port}> `.length
      const [, indent] = yield* terminal.shows(
        new RegExp(`\\r\\n[^ ]*( *)${red}\\^[^]*< ${red}INVALID STATEMENT: invalid syntax`)
      )
      expect(indent?.length).toBe(start + "1 + ".length)
      yield* terminal.type("1 / 0\r")
      yield* terminal.shows(new RegExp(`< ${red}INVALID STATEMENT: division by zero`))
    }))

  it.scopedLive("repeats what was typed above the caret, where other lines stand between", () =>
    Effect.gen(function*() {
      const { server, terminal } = yield* prompting("--mode", "debug")
      expect(terminal.text()).toContain(`connected to 127.0.0.1:${server.port}`)
      yield* terminal.type("1 + * 2\r")
      yield* terminal.shows(/sent "1 \+ \* 2\\n"/)
      yield* terminal.shows(new RegExp(`J {2}1 \\+ \\* 2\\r\\n {6}${red}\\^`))
    }))

  it.scopedLive("is without colours where NO_COLOR is set, and still marks the reply", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const terminal = yield* Terminal.run(Terminal.connect(server.port), { NO_COLOR: "1" })
      yield* terminal.shows(prompt)
      yield* terminal.type("22 + 44\r")
      yield* terminal.shows(/< 66\r\n/)
      yield* terminal.type("1 +\r")
      yield* terminal.shows(/< INVALID STATEMENT: invalid syntax\r\n/)
      expect(terminal.text()).not.toMatch(/\x1b\[\d*m/)
    }))

  it.scopedLive("shows how long each reply took after :time, and no longer after another", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type(":time\r1 + 1\r")
      yield* terminal.shows(/Round trips are shown\.[^]*< .*2.* {2}\(\d+\.\d\d ms\)/)
      yield* terminal.type(":time\r1 + 2\r")
      yield* terminal.shows(/no longer shown\.[^]*< \x1b\[1m3\x1b\[22m\r\n/)
    }))

  it.scopedLive("with --json shows an object a reply, and no caret", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting("--json")
      yield* terminal.type("1 +\r")
      yield* terminal.shows(
        /\{"request":"1 \+","reply":"INVALID STATEMENT: [^"]+","ok":false,"milliseconds":[\d.]+,"error":"[^"]+"\}\r\n/
      )
      expect(stripVTControlCharacters(terminal.text())).not.toMatch(/^ *\^\r?$/m)
    }))

  it.scopedLive("explains itself at :help", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type(":help\r")
      yield* terminal.shows(/:time[^]*:reconnect[^]*exit[^]*Ctrl\+C/)
    }))

  it.scopedLive("opens with a line that says how to get help, and how to leave", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      expect(stripVTControlCharacters(terminal.text())).toMatch(
        /^:help shows what can be typed, exit leaves\.\r?\n.*calc/
      )
    }))

  it.scopedLive("knows its commands by other names, and with spaces around them", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      for (const word of ["help", "?", "  :help "]) {
        yield* terminal.type(`${word}\r`)
        yield* terminal.shows(/:reconnect +connects anew/)
        yield* terminal.shows(prompt)
      }
      yield* terminal.type("   \r 1 + 1 \r")
      yield* terminal.shows(/< \x1b\[1m2\x1b/)
      yield* terminal.type(" quit \r")
      yield* terminal.shows(/code 0/)
      expect(terminal.text()).not.toContain("INVALID")
    }))

  it.scopedLive("leaves at :q, too", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type(":q\r")
      yield* terminal.shows(/code 0/)
    }))

  it.scopedLive("says that it waits its turn where another is served, and shows the reply that comes when it has it", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["iterative"])
      const engaged = yield* Peer.connect(server.port)
      yield* engaged.send("1 + 1\n")
      yield* engaged.received(2)
      const terminal = yield* Terminal.run(Terminal.connect(server.port))
      yield* terminal.shows(prompt)
      yield* terminal.type("20 + 1\r")
      yield* terminal.shows(/this one waits its turn\.[^]*No reply from .* within 2s/)
      engaged.socket.end()
      yield* terminal.shows(/< \x1b\[1m21\x1b/)
      yield* terminal.type("20 + 2\r")
      yield* terminal.shows(/< \x1b\[1m22\x1b/)
      expect(terminal.text().match(/waits its turn/g)).toHaveLength(1)
    }))

  it.scopedLive("goes on after a rejection that it had not asked for", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({
        accepted: (socket) => void socket.write("INVALID STATEMENT\n"),
        received: (socket) => void socket.write("2\nnews\n")
      })
      const terminal = yield* Terminal.run(Terminal.connect(server.port))
      yield* terminal.shows(new RegExp(`< ${red}INVALID STATEMENT`))
      yield* terminal.shows(prompt)
      yield* terminal.type("1 + 1\r")
      yield* terminal.shows(/< \x1b\[1mnews\x1b/)
    }))

  it.scopedLive("completes commands, names and what was typed before at Tab", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type(`:rec${key.tab}`)
      yield* terminal.shows(/:reconnect/)
      yield* terminal.type(`${key.ctrlC}1 + math.isq${key.tab}`)
      yield* terminal.shows(/math\.isq[^]*rt/)
      yield* terminal.type("(49)\r")
      yield* terminal.shows(/< \x1b\[1m8\x1b/)
      yield* terminal.shows(prompt)
      yield* terminal.type(`1 + math.isqrt(${key.tab}`)
      yield* terminal.shows(/49\)/)
      yield* terminal.type("\r")
      yield* terminal.shows(/< \x1b\[1m8\x1b/)
    }))

  it.scopedLive("searches what was typed before at Ctrl+R", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      for (const [line, reply] of [["10 + 1", "11"], ["20 + 1", "21"], ["30 + 2", "32"]] as const) {
        yield* terminal.type(`${line}\r`)
        yield* terminal.shows(new RegExp(`< \\x1b\\[1m${reply}\\x1b`))
        yield* terminal.shows(prompt)
      }
      yield* terminal.type(`${key.ctrlR}+ 1`)
      yield* terminal.shows(/typed before '\+ 1'> .*20 \+ 1/)
      yield* terminal.type(key.ctrlR)
      yield* terminal.shows(/typed before '\+ 1'> .*10 \+ 1/)
      yield* terminal.type("\r")
      yield* terminal.shows(/< \x1b\[1m11\x1b/)
      yield* terminal.shows(prompt)
      yield* terminal.type(`4${key.ctrlR}nowhere`)
      yield* terminal.shows(/never typed 'nowhere'> /)
      yield* terminal.type(`${key.ctrlC}2\r`)
      yield* terminal.shows(/< \x1b\[1m42\x1b/)
    }))

  it.scopedLive("draws its line over the old one, in a terminal that is made narrower and breaks lines anew", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const fifo = join(yield* Terminal.folder, "fifo")
      execFileSync("mkfifo", [fifo])
      const line = "1234567890".repeat(4)
      for (const [isCutOff, up] of [[false, "\\x1b\\[1A"], [true, ""]] as const) {
        const terminal = yield* Terminal.run(
          `(read line < ${fifo}; stty cols 40 < /dev/tty) & ${Terminal.connect(server.port)}`,
          { NO_COLOR: "1" }
        )
        yield* terminal.shows(prompt)
        yield* terminal.type(line)
        yield* terminal.shows(/1234567890$/)
        writeFileSync(fifo, "\n")
        yield* terminal.shows(/\x1b\[6n/)
        // The prompt and the line are 40 columns longer than the prompt: so far into the next row, or at the edge of this one.
        const column = isCutOff ? 40 : `calc 127.0.0.1:${server.port}> `.length + 1
        yield* terminal.type(`\x1b[3;${column}R`)
        yield* terminal.shows(new RegExp(`^${up}\\x1b\\[1G\\x1b\\[0Jcalc [\\d.:]+> ${line}`))
        yield* terminal.type("\r")
        yield* terminal.shows(/< 1234567890/)
      }
    }))

  it.scopedLive("moves no cursor where the terminal cannot", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const terminal = yield* Terminal.run(`${Terminal.connect(server.port)}; echo "code $?"`, { TERM: "dumb" })
      yield* terminal.shows(/calc [\d.:]+> /)
      yield* terminal.type("1 + 1\r")
      yield* terminal.shows(/< 2\r\n/)
      yield* terminal.type("exit\r")
      yield* terminal.shows(/code 0/)
      expect(terminal.text()).not.toContain("\x1b")
    }))

  it.scopedLive("leaves a line standing at Ctrl+C, and begins another below", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type("111 + ")
      yield* terminal.shows(/111 \+ /)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/\^C\r+\n/)
      yield* terminal.shows(prompt)
      yield* terminal.type(`2 + 2${key.left}${key.ctrlC}`)
      yield* terminal.shows(/\^C\r+\n/)
      yield* terminal.shows(prompt)
    }))

  it.scopedLive("clears the line at Ctrl+C, and leaves at the second in a row", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type("111 + ")
      yield* terminal.shows(/111 \+ /)
      yield* terminal.type(`${key.ctrlC}2 + 2\r`)
      yield* terminal.shows(/< \x1b\[1m4\x1b/)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/Ctrl\+C again, or Ctrl\+D, leaves\./)
      yield* terminal.type(`x${key.ctrlC}`)
      yield* terminal.type("3 + 3\r")
      yield* terminal.shows(/< \x1b\[1m6\x1b/)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/leaves\./)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/code 0/)
    }))

  it.scopedLive("leaves at Ctrl+D, after what was entered is answered", () =>
    Effect.gen(function*() {
      const { terminal } = yield* prompting()
      yield* terminal.type(`22 + 44\r${key.ctrlD}`)
      yield* terminal.shows(/66[^]*code 0/)
    }))

  it.scopedLive("leaves at twice Ctrl+C, though a reply is awaited", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({})
      const terminal = yield* Terminal.run(
        `${Terminal.connect(server.port, "--timeout", "never")}; echo "code $?"`
      )
      yield* terminal.shows(prompt)
      yield* terminal.type("1 + 1\r")
      yield* terminal.shows(/\r\n/)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/leaves\./)
      yield* terminal.type(key.ctrlC)
      yield* terminal.shows(/code 0/)
    }))

  it.scopedLive("remembers what was typed in earlier sessions, for this user alone", () =>
    Effect.gen(function*() {
      const state = yield* Terminal.folder
      const server = yield* Switchboard.serve(["select"])
      for (const keys of ["40 + 2\r", `${key.up}\r`]) {
        const terminal = yield* Terminal.run(`${Terminal.connect(server.port)}; echo "code $?"`, {
          XDG_STATE_HOME: state
        })
        yield* terminal.shows(prompt)
        yield* terminal.type(keys)
        yield* terminal.shows(/< \x1b\[1m42\x1b/)
        yield* terminal.type(key.ctrlD)
        yield* terminal.shows(/code 0/)
      }
      const file = join(state, "switchboard", "calc.history")
      expect(readFileSync(file, "utf8")).toBe("40 + 2\n40 + 2\n")
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }))

  it.scopedLive("says so where what is typed cannot be kept, and goes on", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const terminal = yield* Terminal.run(Terminal.connect(server.port), { XDG_STATE_HOME: "/dev/null" })
      yield* terminal.shows(prompt)
      yield* terminal.type("1 + 1\r")
      yield* terminal.shows(/cannot be kept for later[^]*< \x1b\[1m2\x1b/)
    }))

  it.scopedLive("says at once when the server has gone, keeps what is being typed, and connects again at Enter", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.echo
      const terminal = yield* Terminal.run(Terminal.connect(server.port, "echo"))
      yield* terminal.shows(prompt)
      yield* terminal.type("one\r")
      yield* terminal.shows(/< \x1b\[1mone\x1b/)
      yield* terminal.shows(prompt)
      yield* terminal.type("tw")
      yield* terminal.shows(/tw/)
      for (const socket of server.clients) socket.end()
      yield* terminal.shows(/closed the connection\..*Enter connects again, Ctrl\+D leaves\.\r\n/)
      yield* terminal.shows(/not connected.*> tw/)
      yield* terminal.type(`${key.ctrlC}\r`)
      yield* terminal.shows(/Connected\./)
      yield* terminal.shows(prompt)
      yield* terminal.type("two\r")
      yield* terminal.shows(/< \x1b\[1mtwo\x1b/)
      yield* terminal.type(":reconnect\r")
      yield* terminal.shows(/Connected\./)
    }))

  it.scopedLive("shows what the server says of itself, above the line that is being typed", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({
        accepted: (socket) => void socket.write("welcome\n"),
        received: (socket, request) => void socket.write(request)
      })
      const terminal = yield* Terminal.run(Terminal.connect(server.port, "echo"))
      yield* terminal.shows(/< \x1b\[1mwelcome\x1b/)
      yield* terminal.shows(prompt)
      yield* terminal.type("half")
      yield* terminal.shows(/half/)
      for (const socket of server.clients) socket.write("news\n")
      yield* terminal.shows(/< \x1b\[1mnews\x1b[^]*> half/)
      yield* terminal.type(" a line\r")
      yield* terminal.shows(/< \x1b\[1mhalf a line\x1b/)
    }))

  it.scopedLive("connects again for a message that is entered, and says why when it cannot", () =>
    Effect.gen(function*() {
      const port = yield* OldServer.freePort
      const server = OldServer.listen({ port, received: (socket, request) => void socket.write(request) })
      const first = yield* Scope.make()
      yield* Scope.extend(server, first)
      const terminal = yield* Terminal.run(Terminal.connect(port, "echo"))
      yield* terminal.shows(prompt)
      yield* terminal.type("one\r")
      yield* terminal.shows(/< \x1b\[1mone\x1b/)
      yield* Scope.close(first, Exit.void)
      yield* terminal.shows(/Enter connects again/)
      yield* terminal.type("two\r")
      yield* terminal.shows(/Nothing listens[^]*Enter connects again/)
      yield* server
      yield* terminal.type("three\r")
      yield* terminal.shows(/Connected\.[^]*< \x1b\[1mthree\x1b/)
    }))

  it.scopedLive("ends with 3 when the server turns it away", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["single"])
      const engaged = yield* Peer.connect(server.port)
      yield* engaged.send("1 + 1\n")
      yield* engaged.received(2)
      const terminal = yield* Terminal.run(`${Terminal.connect(server.port)}; echo "code $?"; stty -a`)
      yield* terminal.shows(/refused the connection[^]*code 3/)
      yield* terminal.shows(restored)
    }))

  it.scopedLive("tries again with --retry when the server turns it away, and then asks", () =>
    Effect.gen(function*() {
      let refusals = 0
      const server = yield* OldServer.listen({
        accepted: (socket) => void (refusals++ < 2 && socket.resetAndDestroy()),
        received: (socket, request) => void socket.write(request)
      })
      const terminal = yield* Terminal.run(Terminal.connect(server.port, "--retry", "5", "echo"))
      yield* terminal.shows(/refused the connection[^]*refused the connection/)
      yield* terminal.shows(prompt)
      yield* terminal.type("hello\r")
      yield* terminal.shows(/< \x1b\[1mhello\x1b/)
    }))

  it.scopedLive("says so when the server turns it away that it connects to anew, and goes on", () =>
    Effect.gen(function*() {
      let isEngaged = false
      const server = yield* OldServer.listen({ accepted: (socket) => void (isEngaged && socket.resetAndDestroy()) })
      const terminal = yield* Terminal.run(Terminal.connect(server.port, "echo"))
      yield* terminal.shows(prompt)
      isEngaged = true
      yield* terminal.type(":reconnect\r")
      yield* terminal.shows(/refused the connection[^]*Enter connects again/)
      isEngaged = false
      yield* terminal.type("\r")
      yield* terminal.shows(/Connected\./)
    }))

  it.scopedLive("shows the controls in a reply, and does not obey them", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.listen({ received: (socket) => void socket.write("\x1b[2Jgone\x07\n") })
      const terminal = yield* Terminal.run(Terminal.connect(server.port, "echo"))
      yield* terminal.shows(prompt)
      yield* terminal.type("a\r")
      yield* terminal.shows(/< \x1b\[1m\\x1b\[2Jgone\\x07\x1b/)
    }))

  it.scopedLive("gives the terminal back at Ctrl+Z, and takes it again at fg", () =>
    Effect.gen(function*() {
      const server = yield* Switchboard.serve(["select"])
      const shell = yield* Terminal.run("bash --norc --noprofile -i")
      yield* shell.type(`${Terminal.connect(server.port)}\r`)
      yield* shell.shows(/calc/)
      yield* shell.shows(prompt)
      yield* shell.type("20 + ")
      yield* shell.shows(/20 \+ /)
      yield* shell.type(key.ctrlZ)
      yield* shell.shows(/Stopped/)
      yield* shell.type("stty -a\r")
      yield* shell.shows(restored)
      yield* shell.type("fg\r")
      yield* shell.shows(/20 \+ /)
      yield* shell.type("5\r")
      yield* shell.shows(/< \x1b\[1m25\x1b/)
    }))
})

it.scopedLive("--latency draws its line anew on a terminal, and leaves the last", () =>
  Effect.gen(function*() {
    const server = yield* OldServer.echo
    const terminal = yield* Terminal.run(
      // Ctrl+C is for everybody in the terminal, the shell included.
      `trap : INT; ${
        Terminal.connect(server.port, "echo", "hello", "--repeat", "forever", "--interval", "10ms", "--latency")
      }; echo "code $?"`
    )
    yield* terminal.shows(/replies {3}min/)
    yield* terminal.shows(/\x1b\[2K[^]*replies {3}min/)
    yield* terminal.type(key.ctrlC)
    yield* terminal.shows(/replies {3}min [^\x1b]* max [^\x1b\n]*\r\n[^]*code 130/)
  }))

/** A client of chars that has had its first message; a command may stand before it. */
const listening = (before = "") =>
  Effect.gen(function*() {
    const server = yield* OldServer.chars
    const terminal = yield* Terminal.run(
      `${before} ${Terminal.connect(server.port, "chars")}; echo "code $?"; stty -a`
    )
    yield* terminal.shows(/got response: b'td3kk'/)
    return terminal
  })

describe("the keys of chars", () => {
  it.scopedLive("s asks for statistics and q quits, without Enter, and the terminal is given back", () =>
    Effect.gen(function*() {
      const terminal = yield* listening()
      yield* terminal.type("s")
      yield* terminal.shows(/got response: b'Statistics: 5 symbols was delivered'/)
      yield* terminal.type("q")
      yield* terminal.shows(/code 0/)
      yield* terminal.shows(restored)
    }))

  it.scopedLive("Ctrl+D quits, Ctrl+C interrupts, and the terminal is given back", () =>
    Effect.gen(function*() {
      for (const [keys, code] of [[key.ctrlD, /code 0/], [key.ctrlC, /code 130/]] as const) {
        const terminal = yield* listening()
        yield* terminal.type(keys)
        yield* terminal.shows(code)
        yield* terminal.shows(restored)
      }
    }))

  it.scopedLive("the terminal is given back when the server goes", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.chars
      const terminal = yield* Terminal.run(`${Terminal.connect(server.port, "chars")}; echo "code $?"; stty -a`)
      yield* terminal.shows(/got response: b'td3kk'/)
      for (const socket of server.clients) socket.end()
      yield* terminal.shows(/closed the connection[^]*code 5/)
      yield* terminal.shows(restored)
    }))

  it.scopedLive("the terminal is given back at SIGTERM", () =>
    Effect.gen(function*() {
      const terminal = yield* listening("sh -c 'echo pid $$; exec \"$@\"' sh")
      const [, pid] = /pid (\d+)/.exec(terminal.text()) ?? []
      process.kill(Number(pid), "SIGTERM")
      yield* terminal.shows(/code/)
      yield* terminal.shows(restored)
    }))

  it.scopedLive("the terminal is given back at a crash", () =>
    Effect.gen(function*() {
      const crash = fileURLToPath(new URL("../fixtures/crash.mjs", import.meta.url))
      const terminal = yield* listening(`NODE_OPTIONS=--import=${crash} sh -c 'echo pid $$; exec "$@"' sh`)
      const [, pid] = /pid (\d+)/.exec(terminal.text()) ?? []
      process.kill(Number(pid), "SIGUSR2")
      yield* terminal.shows(/Error: crash[^]*code/)
      yield* terminal.shows(restored)
    }))

  it.scopedLive("the terminal is given back at Ctrl+Z, and the keys work again after fg", () =>
    Effect.gen(function*() {
      const server = yield* OldServer.chars
      const shell = yield* Terminal.run("bash --norc --noprofile -i")
      yield* shell.type(`${Terminal.connect(server.port, "chars")}\r`)
      yield* shell.shows(/got response: b'td3kk'/)
      yield* shell.type(key.ctrlZ)
      yield* shell.shows(/Stopped/)
      yield* shell.type("stty -a\r")
      yield* shell.shows(restored)
      yield* shell.type("fg\r")
      yield* shell.shows(/connect --port \d+ chars\r\n/)
      yield* shell.type("s")
      yield* shell.shows(/got response: b'Statistics/)
      yield* shell.type("q")
      yield* shell.shows(/bash\S+[#$] /)
      yield* shell.type("stty -a\r")
      yield* shell.shows(restored)
    }))
})
