// The licences of the packages whose code a bundle holds, as their authors ask: with a copy of the code goes their text.
import { readdirSync, readFileSync } from "node:fs"

/** The folder of the package that a file is of, if it is of one. */
const packageOf = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]

const isLicence = (name) => /^(licen[cs]e|copying|notice)/i.test(name)

/** Licences that name no author, for packages that bring no text of theirs. */
const standard = { "Apache-2.0": "node_modules/typescript/LICENSE.txt" }

const section = (folder) => {
  const { license, name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))
  const texts = readdirSync(folder).filter(isLicence).map((file) => readFileSync(`${folder}/${file}`, "utf8").trim())
  if (texts.length === 0) {
    const text = standard[license]
    if (text === undefined) {
      throw new Error(`${name} brings no text of its licence, ${license}: name one in scripts/licences.mjs.`)
    }
    texts.push(readFileSync(text, "utf8").trim())
  }
  return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`
}

/** The folders of the packages whose code is in what esbuild has put out. */
export const packagesOf = (metafiles) => {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap(({ inputs }) =>
    Object.entries(inputs)
  )
  const kept = inputs.flatMap(([file, { bytesInOutput }]) => bytesInOutput > 0 ? [file] : [])
  const folders = [...new Set(kept.map(packageOf).filter((folder) => folder !== undefined))]
  return folders.toSorted((a, b) => a < b ? -1 : 1)
}

/** One text of all that hold for them. */
export const licences = (folders) => {
  const rule = `\n${"-".repeat(80)}\n\n`
  return `dist/main.js, dist/worker.js, dist/browser.js and dist/chunks/ hold code of these packages, each under its own licence.\n${rule}${
    folders.map(section).join(rule)
  }`
}
