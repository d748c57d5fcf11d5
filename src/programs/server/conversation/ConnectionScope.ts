import * as Effect from "effect/Effect"
import type * as ExecutionStrategy from "effect/ExecutionStrategy"
import type * as Exit from "effect/Exit"
import { pipeArguments } from "effect/Pipeable"
import * as Scope from "effect/Scope"

/** The Scope of one connection. It is made when a turn acquires something: most never do. */
export class ConnectionScope implements Scope.Scope {
  readonly [Scope.ScopeTypeId]: Scope.ScopeTypeId = Scope.ScopeTypeId
  private made: Scope.CloseableScope | undefined = undefined

  get strategy(): ExecutionStrategy.ExecutionStrategy {
    return this.scope.strategy
  }

  fork(strategy: ExecutionStrategy.ExecutionStrategy): Effect.Effect<Scope.CloseableScope> {
    return Scope.fork(this.scope, strategy)
  }

  addFinalizer(finalizer: Scope.Scope.Finalizer): Effect.Effect<void> {
    return Scope.addFinalizerExit(this.scope, finalizer)
  }

  pipe(): unknown {
    return pipeArguments(this, arguments)
  }

  /** Whether nothing was ever acquired in it. */
  get isEmpty(): boolean {
    return this.made === undefined
  }

  /** Releases what was acquired. */
  close(exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> {
    return this.made === undefined ? Effect.void : Scope.close(this.made, exit)
  }

  private get scope(): Scope.CloseableScope {
    return this.made ??= Effect.runSync(Scope.make())
  }
}
