"""Writes src/domain/expression/assignedCharacters.data.ts: the characters of Unicode 14, which is CPython 3.11's."""
import sys
import unicodedata

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    return (base36(number // 36) if number >= 36 else "") + DIGITS[number % 36]


if unicodedata.unidata_version != "14.0.0":
    sys.exit(f"CPython 3.11 has Unicode 14.0.0, and this is {unicodedata.unidata_version}")

runs = []
end = 0
for code in range(0x110000):
    if unicodedata.category(chr(code)) == "Cn":
        continue
    if runs and code == end:
        runs[-1][1] += 1
    else:
        runs.append([code - end, 0])
    end = code + 1
packed = " ".join(base36(gap) + (f"+{base36(more)}" if more else "") for gap, more in runs)

with open("src/domain/expression/assignedCharacters.data.ts", "w", encoding="utf-8") as file:
    print('/**', ' * The runs of code points that Unicode 14.0.0 assigned, by scripts/assignedCharacters.py: how many were left out before, and',
          ' * how many more than one there are, in base 36.', ' */', f'export const packed: string = "{packed}"', sep="\n", file=file)
