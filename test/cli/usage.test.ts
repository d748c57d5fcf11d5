import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import packageJson from "../../package.json" with { type: "json" }
import * as Switchboard from "./Switchboard.js"
import * as Terminal from "./Terminal.js"

describe("A mistake in the command line", () => {
  it.live.each(
    [
      ["a command", ["serv"], "There is no command 'serv': did you mean serve?"],
      [
        "an option",
        ["serve", "select", "--prot", "5000"],
        "switchboard serve has no option --prot: did you mean --port?"
      ],
      [
        "a word too many",
        ["serve", "select", "calc", "more"],
        "There is no place for 'more' in: switchboard serve [OPTION]... [MODEL] [PROTOCOL]"
      ],
      ["a value, left out", ["serve", "select", "--port"], "--port needs a value: --port PORT."],
      ["a value too many", ["serve", "select", "--terse=yes"], "--terse takes no value."],
      ["an option, given twice", ["serve", "select", "--port", "1", "--port", "2"], "--port may be given once."],
      ["the way to get help", ["help"], "There is no command 'help': did you mean --help?"],
      ["a model", ["serve", "selct"], "There is no model 'selct': did you mean select?"],
      ["a protocol", ["serve", "select", "ecko"], "There is no protocol 'ecko': did you mean echo?"],
      [
        "a protocol, longer than any path",
        ["serve", "select", "x".repeat(300)],
        `There is no protocol '${"x".repeat(300)}': choose one of calc, echo, reverse, chars.`
      ],
      [
        "a word of an option",
        ["serve", "select", "--framing", "lines"],
        "--framing cannot be 'lines': did you mean line?"
      ],
      [
        "a module",
        ["serve", "select", "./none.js"],
        "There is no module ./none.js: check the path, or choose one of calc, echo, reverse, chars."
      ],
      [
        "a port",
        ["serve", "select", "--port", "99999"],
        "--port must be a whole number from 0 to 65535, not '99999'."
      ],
      [
        "a time",
        ["serve", "select", "--idle-timeout", "5"],
        "--idle-timeout must be a time with its unit, such as 500ms, '2 seconds' or never, not '5'."
      ],
      [
        "a time that is none",
        ["serve", "select", "--idle-timeout", "0 seconds"],
        "--idle-timeout must be longer than nothing, not '0 seconds': where there is to be no limit, it is never."
      ],
      [
        "a time-out that is none",
        ["connect", "calc", "1", "--timeout", "0ms"],
        "--timeout must be longer than nothing, not '0ms': where there is to be no limit, it is never."
      ],
      [
        "an option in the place of a value",
        ["demo", "--report", "--speed=10"],
        "--report needs a value: --report FILE.html. If --speed=10 is the value, write --report=--speed=10"
      ],
      [
        "an option in the place of another's value",
        ["serve", "select", "--host", "--port", "5"],
        "--host needs a value: --host HOST. If --port is the value, write --host=--port"
      ],
      [
        "an end of options in the place of a value",
        ["serve", "select", "--host", "--"],
        "--host needs a value: --host HOST."
      ],
      ["a short option", ["serve", "-p", "5000"], "switchboard serve has no option -p: did you mean --port?"],
      [
        "a short option with its value",
        ["serve", "-p5000"],
        "switchboard serve has no option -p5000: did you mean --port?"
      ],
      ["a short option of the command", ["-v"], "switchboard has no option -v: did you mean --version?"],
      ["a short option that means nothing", ["-x"], "switchboard has no option -x: see switchboard --help."],
      [
        "a protocol in the place of the model",
        ["serve", "calc"],
        "There is no model 'calc': it is a protocol, which comes after the model, as in: select calc"
      ],
      [
        "a host in brackets",
        ["serve", "select", "--host", "[localhost]"],
        "--host cannot be '[localhost]': brackets are for IPv6 addresses."
      ],
      ["a model, left out", ["serve"], "serve needs a model: once, iterative, single, threaded or select."],
      [
        "a framing that is not the protocol's",
        ["serve", "select", "chars", "--framing", "line"],
        "--framing does not go with chars, which has a framing of its own: envelope."
      ]
    ] as const
  )("in %s is one sentence on stderr, and 2", ([, args, sentence]) =>
    Effect.map(Switchboard.run(args), (ended) => {
      expect(ended).toEqual({ code: 2, stdout: "", stderr: `switchboard: ${sentence}\n` })
    }))
})

describe("What stands after --", () => {
  it.scopedLive("is a message, whatever it looks like", () =>
    Effect.gen(function*() {
      const { port } = yield* Switchboard.serve(["select", "echo"])
      const messages = ["--help", "-h", "--version", "--port", "-x=1", "--", "-5"]
      const { code, stderr, stdout } = yield* Switchboard.run([
        "connect",
        "echo",
        "--framing",
        "line",
        "--port",
        `${port}`,
        "--",
        ...messages
      ])
      expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: "", stdout: `${messages.join("\n")}\n` })
    }))
})

/** The help that a terminal in that environment is shown. */
const shown = (env: Readonly<Record<string, string>>) =>
  Effect.map(Switchboard.run(["--help"], { isTerminal: true, env }), ({ stdout }) => stdout)

const wordsOf = (text: string): ReadonlyArray<string> => text.split(/[\s|]+/).filter((word) => word !== "")

describe("--help", () => {
  it.live.each(["serve", "connect", "reload", "demo", "bench", "certificate", "doctor"])(
    "of %s shows its options and examples, without colours in a pipe",
    (name) =>
      Effect.map(Switchboard.run([name, "--help"]), ({ code, stderr, stdout }) => {
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        expect(stdout).toContain(`\n  switchboard ${name} [OPTION]...`)
        expect(stdout.match(new RegExp(`^  switchboard ${name}`, "gm"))!.length).toBeGreaterThan(2)
        expect(stdout).toContain("\n  -h, --help ")
        expect(stdout).toContain("\nExit codes\n")
        expect(stdout).not.toContain("\x1b")
      })
  )

  it.live("of the command lists its subcommands, as it does when nothing is asked of it", () =>
    Effect.gen(function*() {
      const asked = yield* Switchboard.run(["--help"])
      expect(asked.code).toBe(0)
      expect(asked.stdout).toMatch(/\nCommands\n  serve .*\n/)
      expect(yield* Switchboard.run([])).toEqual(asked)
    }))

  it.live("is in colour on a terminal that has colours, but not with NO_COLOR", () =>
    Effect.gen(function*() {
      expect(yield* shown({ TERM: "xterm" })).toContain("\x1b[")
      for (const env of [{ TERM: "xterm", NO_COLOR: "1" }, { TERM: "dumb" }]) {
        const plain = yield* shown(env)
        expect(plain).toContain("\nCommands\r")
        expect(plain).not.toContain("\x1b[")
      }
    }))

  it.scopedLive.each(
    [80, 60, 40].flatMap((columns) =>
      ["", "serve", "connect", "reload", "demo", "bench", "certificate", "doctor"].map((name) =>
        [columns, name] as const
      )
    )
  )("in %i columns, of '%s', keeps within them, and breaks no word", ([columns, name]) =>
    Effect.gen(function*() {
      const whole = yield* Switchboard.run(`${name} --help`.trim().split(" "))
      const terminal = yield* Terminal.run(
        `stty cols ${columns}; ${process.execPath} ${Switchboard.main} ${name} --help; echo "code $?"`,
        { NO_COLOR: "1" }
      )
      yield* terminal.shows(/code 0/)
      const lines = terminal.text().split(/\r?\n/)
      // A command that is to be pasted is one line, however long.
      const wide = lines.filter((line) =>
        line.length > columns && !/^ {2}(source <\(|socat \S+ EXEC:')?switchboard (?!.*\[OPTION\])/.test(line)
      )
      expect(wide).toEqual([])
      const shown = wordsOf(lines.join("\n"))
      expect(wordsOf(whole.stdout).filter((word) => !shown.includes(word))).toEqual([])
    }))

  it.live("--version says the package's version alone", () =>
    Effect.map(Switchboard.run(["--version"]), (ended) => {
      expect(ended).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: "" })
    }))
})

describe("Standard output that takes nothing", () => {
  const commands = [
    "--help",
    "serve --help",
    "--version",
    "--completions bash",
    "serve --print-config",
    "bench --model select --duration 100ms --warm-up 0s",
    "bench --model select --duration 100ms --warm-up 0s --json",
    "demo --speed 10"
  ]

  it.live.each(commands)("%s > /dev/full is one sentence, and 1", (command) =>
    Effect.map(
      Switchboard.run(command.split(" "), { shell: (command) => `${command} > /dev/full` }),
      (ended) => {
        expect(ended).toEqual({
          code: 1,
          stdout: "",
          stderr: "switchboard: The output cannot be written (ENOSPC).\n"
        })
      }
    ))

  it.live.each(commands)("%s, whose reader has gone, is quiet", (command) =>
    Effect.map(
      Switchboard.run(command.split(" "), { shell: (command) => `set -o pipefail; ${command} | true` }),
      (ended) => {
        expect(ended).toEqual({ code: 0, stdout: "", stderr: "" })
      }
    ))

  it.live("and standard error that takes nothing, are no failure of another kind", () =>
    Effect.map(
      Switchboard.run(["serve", "nope"], { shell: (command) => `${command} > /dev/full 2>&1` }),
      ({ code }) => {
        expect(code).toBe(2)
      }
    ))
})
