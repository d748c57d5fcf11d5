// `import script from "script:./page.js"`: a module and all it imports, as the text of one script for a browser. The build
// and the tests load it by this.
import { build } from "esbuild"
import { dirname, resolve } from "node:path"

const prefix = "script:"

/** The module's source, as it is named in a file of that folder. */
const source = (path, folder) => resolve(folder, path.slice(prefix.length).replace(/\.js$/, ".ts"))

/** What esbuild says of each script it made. */
export const inlined = []

const bundle = async (path) => {
  const { metafile, outputFiles } = await build({
    metafile: true,
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    // For `adoptedStyleSheets`.
    loader: { ".css": "text" },
    logLevel: "warning"
  })
  inlined.push(metafile)
  // The text of a script element ends at the first `</script`.
  return outputFiles[0].text.replaceAll("</script", "<\\/script")
}

/** For esbuild. */
export const esbuildInline = {
  name: "inline",
  setup(build) {
    build.onResolve({ filter: /^script:/ }, ({ path, resolveDir }) => ({
      path: source(path, resolveDir),
      namespace: "script"
    }))
    build.onLoad({ filter: /.*/, namespace: "script" }, async ({ path }) => ({
      contents: await bundle(path),
      loader: "text"
    }))
  }
}

/** For Vitest. */
export const viteInline = {
  name: "inline",
  enforce: "pre",
  resolveId: (path, importer) => path.startsWith(prefix) ? `\0${prefix}${source(path, dirname(importer))}` : undefined,
  load: async (id) =>
    id.startsWith(`\0${prefix}`)
      ? `export default ${JSON.stringify(await bundle(id.slice(prefix.length + 1)))}`
      : undefined
}
