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
rows = sorted(f"{name}\\t{code:x}" for name, code in names.items() if name and not name.startswith(made))
print(json.dumps({"version": unicodedata.unidata_version, "rows": rows}))`

const { status, stderr, stdout } = spawnSync("python3", ["-c", python], { encoding: "utf8", maxBuffer: 2 ** 28 })
if (status !== 0) throw new Error(stderr)
const { rows, version } = JSON.parse(stdout)
if (version !== "14.0.0") throw new Error(`CPython 3.11 has Unicode 14.0.0, and this is ${version}`)

const packed = brotliCompressSync(`${rows.join("\n")}\n`, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })
const text = packed.toString("base64")
writeFileSync(
  "src/domain/expression/syntax/characterNames.data.ts",
  `/**
 * The names of Unicode ${version}'s characters, and their aliases, packed by scripts/characterNames.mjs: lines of a name, a tab
 * and the code in hexadecimal, in the order of the names; brotli, then base64.
 */
export const packed: string = "${text}"
`
)
console.log(`${rows.length} names in ${text.length} characters`)
