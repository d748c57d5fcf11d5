import type { Scheduler, Task } from "effect/Scheduler"
import { defaultShouldYield } from "effect/Scheduler"
import type { Claimant, RunQueue } from "./RunQueue.js"

/** Runs fibers by the queue: what they compute are shares of one client's time like any other. */
export class Tasks<R> implements Claimant<R>, Scheduler {
  used = 0
  place: Claimant<R>["place"] = undefined
  protected readonly queue: RunQueue<R>
  private tasks: Array<Task> | undefined = undefined

  constructor(queue: RunQueue<R>) {
    this.queue = queue
  }

  get isReady(): boolean {
    return this.hasTasks
  }

  protected get hasTasks(): boolean {
    return this.tasks !== undefined && this.tasks.length > 0
  }

  run(_begun: number): undefined {
    this.tasks?.shift()?.()
  }

  abandon(): void {}

  scheduleTask(task: Task): void {
    ;(this.tasks ??= []).push(task)
    this.queue.claim(this)
  }

  readonly shouldYield = defaultShouldYield
}
