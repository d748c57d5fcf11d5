// Writes src/domain/expression/syntax/characterNames.data.ts: the names that `\N{…}` knows, as CPython 3.11 has them. The
// aliases are asked of perl, whose names are of the same Unicode 14, as Python can look them up but not list them.
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { brotliCompressSync, constants } from "node:zlib"

const python = `
import json, re, subprocess, sys, unicodedata
listing = subprocess.run(["perl", "-e", "print do 'unicore/Name.pl'"], capture_output=True, text=True, check=True).stdout
names = {unicodedata.name(chr(code), ""): code for code in range(0x110000)}
for alias in re.findall(r"^[0-9A-F]+\\n([^\\n]+)\\n", listing, re.M):
    try: character = unicodedata.lookup(alias)
    except KeyError: continue
    if len(character) == 1: names[alias] = ord(character)
made = ("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")
rows = sorted((code, name) for name, code in names.items() if name and not name.startswith(made))
print(json.dumps({"version": unicodedata.unidata_version, "rows": rows}))`

const { status, stderr, stdout } = spawnSync("python3", ["-c", python], { encoding: "utf8", maxBuffer: 2 ** 28 })
if (status !== 0) throw new Error(stderr)
const { rows, version } = JSON.parse(stdout)
if (version !== "14.0.0") throw new Error(`CPython 3.11 has Unicode 14.0.0, and this is ${version}`)

// In the order of the codes names are like those before them, and codes are mostly one more.
const lines = []
let before = [-1, []]
for (const [code, name] of rows) {
  if (name.endsWith("-")) throw new Error(`${name} looks as if it ended with its code`)
  const words = name.split(" ")
  const other = words.findIndex((word, i) => word !== before[1][i] || i === words.length - 1)
  if (other > 14) throw new Error(`${name} has too many words in common with the name before it`)
  if (code !== before[0] + 1) lines.push((code - before[0]).toString(36))
  lines.push(
    `${String.fromCharCode(0x21 + other)}${
      words.slice(other).join(" ").replace(new RegExp(`(?<=-)${code.toString(16)}$`, "i"), "")
    }`
  )
  before = [code, words]
}
const packed = brotliCompressSync(lines.join("\n"), { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })
const text = packed.toString("base64")
writeFileSync(
  "src/domain/expression/syntax/characterNames.data.ts",
  `/**
 * The names of Unicode ${version}'s characters, and their aliases, packed by scripts/characterNames.mjs, in the order of their
 * codes. A line is a name without the words that begin the name before it, behind their number, for which 0x21 is 0; before
 * it stands in base 36 by how much the code is more than the one before, if that is not 1. A name that ends with a hyphen ends with its code.
 * Brotli, then base64.
 */
export const packed: string = "${text}"
`
)
console.log(`${rows.length} names in ${text.length} characters`)
