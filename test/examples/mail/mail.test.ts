import { describe, expect, it } from "@effect/vitest"
import type { Server } from "effect-switchboard"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createTransport } from "nodemailer"
import type { Mail } from "../../../examples/mail/Maildrop.js"
import { Maildrop } from "../../../examples/mail/Maildrop.js"
import { smtp } from "../../../examples/mail/smtp.js"
import * as certificates from "../../behaviours/support/certificates.js"
import type { Stage } from "../../behaviours/support/stages.js"
import { each, encryptable, exchange, many, serve, tcp, virtual } from "../../behaviours/support/stages.js"
import { has, run } from "../support/programs.js"

const MiB = 1024 * 1024

/** A server for `example.org`, and the mails that it gets. */
const start = (options: Server.Options, maxSize = 32 * MiB) =>
  Effect.gen(function*() {
    const mails: Array<Mail> = []
    const maildrop = yield* Layer.build(
      Maildrop.layer({
        domains: ["example.org"],
        bytes: 2 * maxSize,
        seen: (mail) => Effect.sync(() => void mails.push(mail))
      })
    )
    const server = yield* Effect.provide(serve(smtp({ host: "mx.example.org", maxSize }), options), maildrop)
    return { ...server, mails }
  })

const talk = (...lines: ReadonlyArray<string>) => lines.map((line) => `${line}\r\n`).join("")

describe.each<Stage>([virtual, tcp])("mail, on %s", (stage) => {
  stage.it(
    "answers commands that are sent at once, in order",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const { address, mails } = yield* start({ model }, 1000)
          const peer = yield* Peer.connect(address)
          yield* peer.write(talk("EHLO client", "MAIL FROM:<ada@example.com> SIZE=30 BODY=8BITMIME"))
          yield* peer.write(talk("RCPT TO:<grace@example.org>", "rcpt to:<Postmaster>", "DATA"))
          yield* peer.write(Buffer.from(talk("Subject: dots", "", "..", "...\xff", "."), "latin1"))
          yield* peer.write(talk("MAIL FROM:<>", "RSET", "NOOP", "VRFY ada", "QUIT"))
          expect((yield* peer.readToEnd).toString()).toBe(
            talk(
              "220 mx.example.org ESMTP",
              "250-mx.example.org",
              "250-SIZE 1000",
              "250-8BITMIME",
              "250 PIPELINING",
              "250 OK",
              "250 OK",
              "250 OK",
              "354 Go on, up to a line of one dot",
              "250 OK, it is mail 1",
              "250 OK",
              "250 OK",
              "250 OK",
              "252 Send it, and see",
              "221 mx.example.org"
            )
          )
          const content = Buffer.from(talk("Subject: dots", "", ".", "..\xff"), "latin1")
          expect(mails).toEqual([{ from: "ada@example.com", to: ["grace@example.org", "Postmaster"], content }])
        }))
  )

  stage.it("says what is wrong, and goes on", () =>
    each(stage, many, (model) =>
      Effect.gen(function*() {
        const { address, mails } = yield* start({ model }, 1000)
        const peer = yield* Peer.connect(address)
        const mail = (size: number) =>
          talk("MAIL FROM:<>", "RCPT TO:<a@example.org>", "DATA", "x".repeat(size - 2), ".")
        yield* peer.write(talk("MAIL FROM:<a@b>", "FLY", "HELO", "HELO client", "RCPT TO:<a@example.org>", "DATA"))
        yield* peer.write(
          talk("MAIL FROM:<a@b> SIZE=1001", "MAIL FROM:<a@b> COLOUR=red", "MAIL ada", "MAIL FROM:<a@b>")
        )
        yield* peer.write(talk("MAIL FROM:<a@b>", "RCPT TO:<a@b>", "RCPT TO:<a@example.org> SIZE=1", "RCPT", "RSET"))
        yield* peer.write(mail(1001) + mail(1000) + mail(1000) + mail(10) + talk("MAIL FROM:<>"))
        yield* peer.write(talk("RCPT TO:<a@example.org>").repeat(101))
        yield* peer.end
        const accepted = ["250", "250", "354"]
        expect((yield* peer.readToEnd).toString().replaceAll(/ .*\r\n/g, " ").trim().split(" ")).toEqual([
          ..."220 503 500 501 250 503 503 552 555 501 250 503 550 555 501 250".split(" "),
          ...["552", "250", "250", "452"].flatMap((end) => [...accepted, end]),
          ...Array<string>(101).fill("250"),
          "452",
          "421"
        ])
        expect(mails.map(({ content }) => content.length)).toEqual([1000, 1000])
      })))

  stage.it(
    "forgets a mail whose client goes in the middle of it, and tells clients of a stop",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const server = yield* start({ model })
          const begun = ["EHLO a", "MAIL FROM:<>", "RCPT TO:<a@example.org>", "DATA"]
          const clients = [yield* Peer.connect(server.address), yield* Peer.connect(server.address)] as const
          for (const peer of clients) {
            yield* peer.write(talk(...begun))
            for (let i = 0; i < 8; i++) yield* peer.readLine
            yield* peer.write(talk("Subject: half"))
          }
          yield* clients[0].reset
          yield* server.until("Closed", 1)
          yield* Effect.fork(server.stop)
          expect((yield* clients[1].readToEnd).toString()).toBe(talk("421 mx.example.org closes"))
          yield* clients[1].close
          yield* server.ended
          expect(server.mails).toEqual([])
          expect(server.of("Failed")).toEqual([])
        }))
  )
})

/** Says hello, and gives what the server can. */
const greet = (peer: Peer.Peer) =>
  Effect.gen(function*() {
    yield* peer.write("EHLO client\r\n")
    const words: Array<string> = []
    for (;;) {
      const [, more, word] = /^250([- ])(.*)\r$/.exec(yield* peer.readLine) ?? []
      words.push(word!)
      if (more === " ") return words
    }
  })

describe.each(encryptable)("mail by STARTTLS, on %s", (stage) => {
  stage.it(
    "is offered in the clear, and all that was said before is forgotten",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const { address, mails } = yield* start({ model }, 1000)
          const peer = yield* Peer.connect(address)
          yield* peer.readLine
          expect(yield* greet(peer)).toContain("STARTTLS")
          expect(yield* exchange(peer, "MAIL FROM:<eve@example.com>\r")).toBe("250 OK\r")
          expect(yield* exchange(peer, "STARTTLS now\r")).toBe("501 Say STARTTLS and no more\r")
          expect(yield* exchange(peer, "STARTTLS\r")).toBe("220 Go on by TLS\r")
          yield* peer.startTls
          expect(yield* exchange(peer, "MAIL FROM:<ada@example.com>\r")).toBe("503 Say EHLO first\r")
          expect(yield* greet(peer)).not.toContain("STARTTLS")
          expect(yield* exchange(peer, "STARTTLS\r")).toBe("503 It is encrypted\r")
          yield* peer.write(talk("MAIL FROM:<ada@example.com>", "RCPT TO:<a@example.org>", "DATA", "hi", ".", "QUIT"))
          yield* peer.readToEnd
          expect(mails.map(({ from }) => from)).toEqual(["ada@example.com"])
        }))
  )

  stage.it(
    "takes nothing that was put behind it in the clear",
    () =>
      each(stage, many, (model) =>
        Effect.gen(function*() {
          const { address, mails, of, until } = yield* start({ model }, 1000)
          const peer = yield* Peer.connect(address)
          yield* peer.write(talk("EHLO client", "STARTTLS", "MAIL FROM:<eve@example.com>", "RCPT TO:<a@example.org>"))
          expect(yield* Effect.flip(peer.closed)).toMatchObject({ _tag: "ConnectionReset" })
          yield* until("Closed", 1)
          expect(of("HandshakeFailed")).toMatchObject([{ fault: "injected" }])
          expect(mails).toEqual([])
        }))
  )
})

/** So many bytes of lines, some of which begin with dots. */
const linesOf = (size: number): Buffer => {
  const lines = Buffer.alloc(size, "..\r\n.one\r\n a line of some length, as they are in mails, to fill it up\r\n")
  lines.write("\r\n", size - 2)
  return lines
}

describe("mail, with real clients", () => {
  it.scopedLive.skipIf(!has("curl"))(
    "curl delivers a file, dots and all, also of 10 MiB",
    () =>
      each(tcp, many, (model) =>
        Effect.gen(function*() {
          const { address, mails } = yield* start({ model })
          const folder = yield* Effect.acquireRelease(
            Effect.sync(() => mkdtempSync(join(tmpdir(), "switchboard-"))),
            (path) => Effect.sync(() => rmSync(path, { recursive: true }))
          )
          for (const size of [100, 10 * MiB]) {
            const file = join(folder, String(size))
            const content = linesOf(size)
            writeFileSync(file, content)
            const people = ["--mail-from", "ada@example.com", "--mail-rcpt", "grace@example.org"]
            yield* run("curl", ["-sS", `smtp://127.0.0.1:${address.port}/client`, ...people, "-T", file])
            const mail = mails.pop()!
            expect({ ...mail, content: mail.content.equals(content) }).toEqual(
              { from: "ada@example.com", to: ["grace@example.org"], content: true }
            )
          }
        }))
  )

  it.scopedLive.skipIf(!has("curl"))(
    "curl is told that nobody has that name, and that its mail is too long",
    () =>
      each(tcp, many, (model) =>
        Effect.gen(function*() {
          const { address, mails } = yield* start({ model }, 1000)
          const send = (to: string, size: number) =>
            Effect.promise(async () => {
              const people = ["--mail-from", "ada@example.com", "--mail-rcpt", to]
              const url = `smtp://127.0.0.1:${address.port}/client`
              const sent = run("curl", ["-sS", url, ...people, "-T", "-"], linesOf(size))
              const exit = await Effect.runPromiseExit(sent)
              return exit._tag
            })
          expect(yield* send("grace@example.net", 100)).toBe("Failure")
          expect(yield* send("grace@example.org", 2000)).toBe("Failure")
          expect(yield* send("grace@example.org", 500)).toBe("Success")
          expect(mails.map(({ content }) => content.length)).toEqual([500])
        }))
  )

  const secure = encryptable[1]!
  const people = ["--mail-from", "ada@example.com", "--mail-rcpt", "grace@example.org"]

  it.scopedLive.skipIf(!has("curl"))(
    "curl delivers by STARTTLS, and will not where the certificate is another's",
    () =>
      each(secure, many, (model) =>
        Effect.gen(function*() {
          const { address, mails, of } = yield* start({ model })
          const send = (ca: string, size: number) =>
            run(
              "curl",
              ["-sS4", `smtp://localhost:${address.port}/client`, "--ssl-reqd", "--cacert", ca, ...people, "-T", "-"],
              linesOf(size)
            )
          yield* send(certificates.authority, MiB)
          expect(mails.map(({ content }) => content.equals(linesOf(MiB)))).toEqual([true])
          expect(of("Encrypted")).toHaveLength(1)
          expect((yield* Effect.exit(send(certificates.stranger, 100)))._tag).toBe("Failure")
          expect(mails).toHaveLength(1)
        }))
  )

  it.scopedLive.skipIf(!has("openssl"))(
    "openssl s_client -starttls smtp speaks through",
    () =>
      each(secure, many, (model) =>
        Effect.gen(function*() {
          const { address } = yield* start({ model })
          const place = ["-connect", `127.0.0.1:${address.port}`, "-starttls", "smtp", "-name", "client"]
          const belief = ["-CAfile", certificates.authority, "-verify_return_error", "-verify_hostname", "localhost"]
          const said = yield* run("openssl", ["s_client", ...place, ...belief, "-crlf", "-ign_eof"], "EHLO x\nQUIT\n")
          expect(said).toContain("Verify return code: 0 (ok)")
          expect(said).toContain("250-8BITMIME\r\n250 PIPELINING\r\n221 mx.example.org\r\n")
        }))
  )

  it.scopedLive("npm's nodemailer delivers by STARTTLS", () =>
    each(secure, many, (model) =>
      Effect.gen(function*() {
        const { address, mails, of } = yield* start({ model })
        yield* Effect.promise(async () => {
          const { port } = address
          const tls = { ca: readFileSync(certificates.authority), servername: "localhost" }
          const transport = createTransport({ host: "127.0.0.1", port, requireTLS: true, tls })
          const info = await transport.sendMail({ from: "ada@example.com", to: "grace@example.org", text: "secret" })
          expect(info.response).toBe("250 OK, it is mail 1")
        })
        expect(mails.map(({ from }) => from)).toEqual(["ada@example.com"])
        expect(of("Encrypted")).toMatchObject([{ tls: { version: "TLSv1.3", serverName: "localhost" } }])
      })))

  it.scopedLive("npm's nodemailer delivers text in any alphabet, and 10 MiB, over one connection", () =>
    each(tcp, many, (model) =>
      Effect.gen(function*() {
        const { address, mails, of } = yield* start({ model })
        yield* Effect.promise(async () => {
          const transport = createTransport({
            pool: true,
            maxConnections: 1,
            host: address.host,
            port: address.port,
            ignoreTLS: true
          })
          try {
            const envelope = { from: "ada@example.com", to: ["grace@example.org", "joan@example.org"] }
            const text = "Grüße\n.\n..dots\n日本語\n"
            const info = await transport.sendMail({
              envelope,
              subject: "été",
              text,
              textEncoding: "quoted-printable"
            })
            expect(info.accepted).toEqual(envelope.to)
            expect(info.response).toBe("250 OK, it is mail 1")
            const raw = linesOf(10 * MiB)
            await transport.sendMail({ envelope, raw })
            await transport.sendMail({ envelope, raw: Buffer.from("Subject: 8 bit\r\n\r\n\xe9\r\n", "latin1") })
            expect(mails[0]!.content.toString("latin1")).toContain("Gr=C3=BC=C3=9Fe\r\n.\r\n..dots\r\n")
            expect({ ...mails[1], content: mails[1]!.content.equals(raw) }).toEqual({ ...envelope, content: true })
            expect(mails[2]!.content.toString("latin1")).toBe("Subject: 8 bit\r\n\r\n\xe9\r\n")
            await expect(transport.sendMail({ envelope: { ...envelope, to: "a@example.net" }, text })).rejects.toThrow(
              "550 Nobody here has that name"
            )
          } finally {
            transport.close()
          }
        })
        expect(of("Accepted")).toHaveLength(1)
      })))
})
