import * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import { make } from "../../../../src/programs/command/console/Entry.js"

describe("The entry of a stop", () => {
  it.each([
    [0, Duration.seconds(10), "stopping: no client is connected"],
    [1, Duration.seconds(10), "stopping: 1 client may take 10s to end; a second Ctrl+C ends it at once"],
    [2, Duration.infinity, "stopping: 2 clients may take any time to end; a second Ctrl+C ends it at once"]
  ])("says for how long it may go on: %i clients, %s", (open, timeout, message) => {
    expect(make({ _tag: "Draining", server: "here", open, timeout }).message).toBe(message)
  })
})
