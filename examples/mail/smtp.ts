// A server of SMTP (RFC 5321), as a script: what it says and hears, from top to bottom.
import { Effect, Option } from "effect"
import { Protocol } from "effect-switchboard"
import { lines, pathOf, verbOf } from "./commands.js"
import { content } from "./content.js"
import { Maildrop } from "./Maildrop.js"

/** Mailboxes that one mail may be for: no server may have less. */
const mostRecipients = 100

type Session = Protocol.Talk<string, string>

/** The content of a mail, up to a size: what is over it is left out. None if the client has gone before its end. */
function* receive(session: Session, maxSize: number) {
  const data = yield* session.reframe(content)
  let held = Buffer.alloc(0)
  let size = 0
  let piece = yield* data.hear.orEnd
  for (; Option.isSome(piece) && piece.value !== "end"; piece = yield* data.hear.orEnd) {
    const end = size + piece.value.length
    if (end <= maxSize) {
      // Room that doubles: to keep the pieces would cost a client's mail many times over, if it comes byte by byte.
      if (end > held.length) held = Buffer.concat([held], Math.max(end, 2 * held.length))
      held.set(piece.value, size)
    }
    size = end
  }
  yield* data.reframe(lines)
  return Option.map(piece, () => ({ size, content: Buffer.from(held.subarray(0, size)) }))
}

/** The server of a host, for mails of up to so many bytes. */
export const smtp = (
  { host, maxSize }: { readonly host: string; readonly maxSize: number }
): Protocol.TextProtocol<never, Maildrop> =>
  Protocol.conversation({
    name: "smtp",
    framing: lines,
    malformed: () => ["500 The line is too long"],
    *talk(session) {
      const maildrop = yield* Maildrop
      let isGreeted = false
      let from: string | undefined = undefined
      let to: Array<string> = []
      const reset = () => {
        from = undefined
        to = []
      }

      // For a client that has gone without QUIT, or at a stop.
      const closing = session.say(`421 ${host} closes`)

      yield* session.say(`220 ${host} ESMTP`)
      for (;;) {
        const line = yield* session.hear.orEnd
        if (Option.isNone(line)) return yield* closing
        const [verb, rest] = verbOf(line.value)
        switch (verb) {
          case "EHLO":
          case "HELO":
            if (rest === "") {
              yield* session.say(`501 Say ${verb} and your name`)
              break
            }
            isGreeted = true
            reset()
            if (verb === "HELO") yield* session.say(`250 ${host}`)
            else {
              const tls = session.canStartTls ? ["250-STARTTLS"] : []
              yield* session.say(`250-${host}`, `250-SIZE ${maxSize}`, "250-8BITMIME", ...tls, "250 PIPELINING")
            }
            break
          case "STARTTLS":
            if (rest !== "") yield* session.say("501 Say STARTTLS and no more")
            else if (!session.canStartTls) {
              yield* session.say(session.tls === undefined ? "502 There is no certificate" : "503 It is encrypted")
            } else {
              yield* session.say("220 Go on by TLS")
              yield* session.startTls()
              // Who was greeted in the clear may have been somebody else (RFC 3207, 4.2).
              isGreeted = false
              reset()
            }
            break
          case "MAIL": {
            const path = pathOf("FROM", rest)
            const unknown = [...path?.parameters ?? []].find(([name, value]) =>
              name === "SIZE" ? !/^\d{1,20}$/.test(value) : name !== "BODY" || !/^(7BIT|8BITMIME)$/i.test(value)
            )
            if (!isGreeted) yield* session.say("503 Say EHLO first")
            else if (from !== undefined) yield* session.say("503 There is a mail already: RSET forgets it")
            else if (path === undefined) yield* session.say("501 Say MAIL FROM:<ada@example.org>")
            else if (unknown !== undefined) yield* session.say(`555 ${unknown.join("=")} is not known here`)
            else if (Number(path.parameters.get("SIZE")) > maxSize) {
              yield* session.say(`552 A mail may have ${maxSize} bytes`)
            } else {
              from = path.mailbox
              yield* session.say("250 OK")
            }
            break
          }
          case "RCPT": {
            const path = pathOf("TO", rest)
            if (from === undefined) yield* session.say("503 Say MAIL first")
            else if (path === undefined) yield* session.say("501 Say RCPT TO:<ada@example.org>")
            else if (path.parameters.size > 0) yield* session.say("555 RCPT takes no parameters here")
            else if (to.length === mostRecipients) yield* session.say("452 A mail is for so many at the most")
            else if (!(yield* maildrop.knows(path.mailbox))) yield* session.say("550 Nobody here has that name")
            else {
              to.push(path.mailbox)
              yield* session.say("250 OK")
            }
            break
          }
          case "DATA": {
            if (from === undefined || to.length === 0) {
              yield* session.say("503 Say MAIL and RCPT first")
              break
            }
            yield* session.say("354 Go on, up to a line of one dot")
            const mail = yield* receive(session, maxSize)
            if (Option.isNone(mail)) return yield* closing
            if (mail.value.size > maxSize) yield* session.say(`552 A mail may have ${maxSize} bytes`)
            else {
              const { content } = mail.value
              const delivered = yield* Effect.option(maildrop.deliver({ from, to, content }))
              yield* session.say(Option.match(delivered, {
                onNone: () => "452 There is no room for it now",
                onSome: (number) => `250 OK, it is mail ${number}`
              }))
            }
            reset()
            break
          }
          case "RSET":
            reset()
            yield* session.say("250 OK")
            break
          case "NOOP":
            yield* session.say("250 OK")
            break
          case "VRFY":
            yield* session.say("252 Send it, and see")
            break
          case "QUIT":
            return yield* session.say(`221 ${host}`)
          default:
            yield* session.say("500 That is no command here")
        }
      }
    }
  })
