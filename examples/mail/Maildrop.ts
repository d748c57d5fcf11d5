import { Context, Data, Effect, Layer } from "effect"

/** What a mail is sent with, which its own headers may tell otherwise. */
export interface Envelope {
  readonly from: string
  readonly to: ReadonlyArray<string>
}

export interface Mail extends Envelope {
  /** As it came: headers, an empty line, the text. */
  readonly content: Buffer
}

/** There is no room for the mail now. */
export class Full extends Data.TaggedError("Full") {}

/** Where mails go. */
export class Maildrop extends Context.Tag("examples/mail/Maildrop")<Maildrop, {
  /** Whether mail for somebody is taken here. */
  readonly knows: (mailbox: string) => Effect.Effect<boolean>
  /** From then on the mail is the maildrop's to keep. Gives its number. */
  readonly deliver: (mail: Mail) => Effect.Effect<number, Full>
}>() {
  /** Keeps so many bytes in memory, for everybody of these domains; `seen` is called with each mail. */
  static readonly layer = (options: {
    readonly domains: ReadonlyArray<string>
    readonly bytes: number
    readonly seen: (mail: Mail) => Effect.Effect<void>
  }): Layer.Layer<Maildrop> =>
    Layer.sync(this, () => {
      let count = 0
      let held = 0
      return {
        knows: (mailbox) => {
          const [domain = ""] = /[^@]*$/.exec(mailbox) ?? []
          return Effect.succeed(/^postmaster$/i.test(mailbox) || options.domains.includes(domain.toLowerCase()))
        },
        deliver: (mail) =>
          Effect.suspend(() => {
            if (held + mail.content.length > options.bytes) return new Full()
            held += mail.content.length
            return Effect.as(options.seen(mail), ++count)
          })
      }
    })
}
