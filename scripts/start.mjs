// npm start: the calculator, from a checkout that is made ready first. One process, which takes the place of
// npm's shell (`exec`): a shell answers Ctrl+C with a code of its own, whatever the server ends with.
await import("./ready.mjs")
process.argv = [process.argv[0], "dist/main.js", "serve", "select", ...process.argv.slice(2)]
await import("../dist/main.js")
