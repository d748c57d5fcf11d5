/** What there is to see under each model, for whoever shows the demo. */
import type * as Model from "../../server/Model.js"
import * as Scenario from "./Scenario.js"

/** What every model is put through. */
export const scene = (beat: number): string =>
  `Five clients come to each model with ${Scenario.questions} questions each. An answer takes ` +
  `${Scenario.evaluation * beat} ms, and before each question a client thinks for ${Scenario.thinking * beat} ms. ` +
  "All that differs is the model."

export interface Caption {
  /** The rule of the model. */
  readonly rule: string
  /** Where to look. */
  readonly look: string
}

export const captions: Record<keyof typeof Model.all, Caption> = {
  once: {
    rule: "one answer, then it is over",
    look:
      "Client 1 is hung up on after its first answer, those who waited are refused, and who comes later finds nobody."
  },
  iterative: {
    rule: "one client at a time; the others wait their turn, unread",
    look: "Nobody is read before the client in front has left: all wait even while it only thinks."
  },
  single: {
    rule: "one client at a time; the others are refused",
    look: "Who comes while client 1 is there is refused at once. Client 5 comes when it has left, and is served."
  },
  threaded: {
    rule: "a fiber a client",
    look: "The answers overlap: no client waits for another, however slow its answers are."
  },
  select: {
    rule: "one fiber for all clients",
    look:
      "No two answers overlap: one that is slow delays everyone. But while one client thinks, the fiber answers another."
  }
}
