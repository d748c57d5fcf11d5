// How a program of the checkout that is not shipped (an example, the soak) is made of the sources to be run.
export const ofSources = {
  bundle: true,
  packages: "external",
  alias: {
    "effect-switchboard": "./src/index.ts",
    "effect-switchboard/platform": "./src/platform.ts",
    "effect-switchboard/cluster": "./src/cluster.ts"
  },
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning"
}
