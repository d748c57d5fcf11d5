// What a client of SMTP asks for, a line each (RFC 5321, 4.1).
import { Framing } from "effect-switchboard"

/** Lines of any bytes: a domain, or a comment, may be in any encoding. */
export const lines = Framing.delimited("\r\n", { encoding: "latin1" })

/** A line's first word in capitals, and the rest. */
export const verbOf = (line: string): readonly [verb: string, rest: string] => {
  const [, verb, rest] = /^([a-zA-Z]+)(?: (.*))?$/.exec(line.trimEnd()) ?? []
  return [verb?.toUpperCase() ?? "", rest ?? ""]
}

/** What `MAIL FROM:` and `RCPT TO:` name. */
export interface Path {
  /** Such as `ada@example.org`; empty for nobody: a notice that is not to be answered. */
  readonly mailbox: string
  /** Such as `SIZE` with `1000`. */
  readonly parameters: ReadonlyMap<string, string>
}

const path = /^(FROM|TO): ?<((?:"(?:[^"\\]|\\.)*"|[^<>" ])*)>(?: (.*))?$/i

/** A path behind its keyword; undefined if it is none. The hosts that it may name before the mailbox are left out. */
export const pathOf = (keyword: "FROM" | "TO", text: string): Path | undefined => {
  const [, found, whole = "", parameters = ""] = path.exec(text) ?? []
  const mailbox = whole.startsWith("@") ? whole.slice(whole.indexOf(":") + 1) : whole
  const isMailbox = mailbox === "" ? keyword === "FROM" : /^postmaster$|^.+@[^@]+$/i.test(mailbox)
  if (found?.toUpperCase() !== keyword || !isMailbox) return undefined
  return {
    mailbox,
    parameters: new Map(
      parameters.split(" ").filter((text) => text !== "").map((text) => {
        const [name = "", value = ""] = text.split("=", 2)
        return [name.toUpperCase(), value]
      })
    )
  }
}
