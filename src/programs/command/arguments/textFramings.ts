/** The framings of text, by name. */
import type { Framing } from "../../../domain/Framing.js"
import { auto, chunk, line } from "../../../domain/Framing.js"

export const textFramings: Readonly<Record<"auto" | "line" | "chunk", Framing<string>>> = { auto, line, chunk }
