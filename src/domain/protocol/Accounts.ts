import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** What has been taken of one client, on all its connections. */
export interface Account {
  /** When all of it has been paid for, in milliseconds. */
  paid: number
  connections: number
}

/** Accounts of one connection each need no key. */
export const own = Effect.sync((): Account => ({ paid: 0, connections: 1 }))

/** Accounts by key. One that has no connection is kept until all is paid for: to come anew is no way around a rate. */
export class Accounts {
  private readonly accounts = new Map<string, Account>()
  /** So many are looked through for those that may go; so each that comes pays for a few. */
  private full = 64

  open(key: string, now: number): Effect.Effect<Account, never, Scope.Scope> {
    const opened = Effect.sync(() => {
      const account = this.accounts.get(key) ?? this.make(key, now)
      account.connections++
      return account
    })
    return Effect.acquireRelease(opened, (account) =>
      Effect.sync(() => {
        account.connections--
      }))
  }

  get size(): number {
    return this.accounts.size
  }

  private make(key: string, now: number): Account {
    if (this.accounts.size >= this.full) {
      for (const [key, { connections, paid }] of this.accounts) {
        if (connections === 0 && paid <= now) this.accounts.delete(key)
      }
      this.full = Math.max(64, 2 * this.accounts.size)
    }
    const account = { paid: 0, connections: 0 }
    this.accounts.set(key, account)
    return account
  }
}
