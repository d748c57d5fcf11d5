/** The words and signs for what a client does and how it ends. Every sign has a shape of its own, so that colours are not needed. */
import type { End, Lane, State } from "./Lane.js"

interface Mark {
  readonly word: string
  /** One character wide. */
  readonly shape: string
  readonly color: "cyan" | "yellow" | "blue" | "dim" | "green" | "red" | "magenta"
}

export const states: Record<State, Mark> = {
  connecting: { word: "connecting", shape: "○", color: "cyan" },
  waiting: { word: "waiting", shape: "░", color: "yellow" },
  served: { word: "being served", shape: "█", color: "blue" },
  thinking: { word: "thinking", shape: "·", color: "dim" }
}

export const ends: Record<End, Mark> = {
  done: { word: "done", shape: "✓", color: "green" },
  refused: { word: "refused", shape: "✗", color: "red" },
  closed: { word: "hung up on", shape: "■", color: "magenta" }
}

/** What a client does now, or how it ended. */
export const inWords = ({ answers, end, spans }: Lane): string => {
  const last = spans.at(-1)
  if (end === undefined) return last === undefined ? "" : states[last.state].word
  return end.how === "done" ? `done, ${answers} ${answers === 1 ? "answer" : "answers"}` : ends[end.how].word
}
