import type { EventLoop } from "./EventLoop.js"

/** What two hosts have between them: nothing passes while they are parted, and what TCP would send again waits. */
export class Link {
  private held: Array<() => void> | undefined = undefined
  /** How often the hosts were parted or reached each other again. */
  changes = 0
  private readonly loop: EventLoop
  readonly latency: number

  constructor(loop: EventLoop, latency: number) {
    this.loop = loop
    this.latency = latency
  }

  get isParted(): boolean {
    return this.held !== undefined
  }

  /** Arrives at `time`, or when the hosts reach each other again. */
  carry(time: number, arrive: () => void): void {
    this.loop.at(time, () => {
      if (this.held === undefined) arrive()
      else this.held.push(arrive)
    })
  }

  /** Arrives at `time`, if the hosts then reach each other. */
  carryOnce(time: number, arrive: () => void, lost: () => void): void {
    this.loop.at(time, () => (this.held === undefined ? arrive() : lost()))
  }

  part(): void {
    this.changes++
    this.held ??= []
  }

  heal(): void {
    const held = this.held ?? []
    this.held = undefined
    this.changes++
    for (const arrive of held) this.carry(this.loop.now() + this.latency, arrive)
  }
}
