// Which way the arrows between the rooms of src/ point: `npm run check:rooms`. docs/architecture.md says what is in each.

/** A room may import those on the floors below its own, and no others. */
const floors = [
  ["main.ts", "worker.ts"],
  ["programs/command/cli"],
  ["programs/command/supervise", "programs/command/doctor"],
  [
    "programs/command/serve",
    "programs/command/connect",
    "programs/command/reload",
    "programs/command/bench",
    "programs/command/demo",
    "programs/command/certificate"
  ],
  ["programs/command/admin"],
  ["programs/command/console", "programs/command/report"],
  ["programs/command/arguments"],
  ["index.ts", "testing.ts", "browser.ts", "mathjs.ts", "platform.ts", "cluster.ts"],
  ["programs/testing"],
  ["programs/server", "programs/client", "programs/protocols"],
  ["programs/stream"],
  ["services"],
  ["domain"]
]

/** The evaluator's own, inside domain/expression; what is not named here is everybody's. */
const evaluator = ["syntax", "run", "library", "operators", "values", "elementary"]

const within = (rooms) => `^src/(${rooms.join("|").replaceAll(".", "\\.")})(/|$)`

const arrows = floors.flatMap((rooms, i) =>
  rooms.map((room) => ({
    name: `${room} imports only what is below it`,
    comment: "Rooms of one floor do not know each other.",
    severity: "error",
    from: { path: within([room]) },
    to: { path: "^src/", pathNot: within([room, ...floors.slice(i + 1).flat()]) }
  }))
)

const evaluatorArrows = evaluator.slice(1).map((room, i) => ({
  name: `domain/expression/${room} imports only what is below it`,
  comment: "The order is that of domain/expression/README.md.",
  severity: "error",
  from: { path: `^src/domain/expression/${room}/` },
  to: { path: `^src/domain/expression/(${evaluator.slice(0, i + 1).join("|")}|evaluate|plainArithmetic)(/|\\.)` }
}))

export default {
  forbidden: [
    ...arrows,
    ...evaluatorArrows,
    {
      name: "every file is in a room",
      comment: "A new room of src/ has its place among the floors of .dependency-cruiser.mjs, and a line in the map.",
      severity: "error",
      from: { path: "^src/", pathNot: within(floors.flat()) },
      to: {}
    },
    {
      name: "a door is for those outside",
      comment: "What is inside imports the file itself.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        path: within([
          "main.ts",
          "worker.ts",
          "index.ts",
          "testing.ts",
          "browser.ts",
          "mathjs.ts",
          "platform.ts",
          "cluster.ts"
        ])
      }
    },
    {
      name: "what the machine gives comes through a service",
      comment: "Else the library could not run on a virtual network, under a virtual clock. Two modules only compute.",
      severity: "error",
      from: { path: "^src/(domain|programs)/", pathNot: "^src/programs/command/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(buffer|zlib)$" }
    }
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types are arrows, too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" }
  }
}
