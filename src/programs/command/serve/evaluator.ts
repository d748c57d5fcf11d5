import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Evaluator from "../../../services/Evaluator.js"
import type { MathjsNotInstalled } from "../../../services/MathjsEvaluator.js"
import type { WorkerNotFound } from "../../../services/WorkerEvaluator.js"

/** The evaluator of that language, in so many processes; with 0, Python's in this one and mathjs's in its own. */
export const evaluator = (
  language: "python" | "mathjs",
  workers: number
): Layer.Layer<Evaluator.Evaluator, MathjsNotInstalled | WorkerNotFound> =>
  language === "python" && workers === 0
    ? Evaluator.layer
    : Layer.unwrapEffect(Effect.promise(async () => {
      const options = { workers: workers === 0 ? undefined : workers }
      if (language === "mathjs") return (await import("../../../services/MathjsEvaluator.js")).layerMathjs(options)
      return (await import("../../../services/WorkerEvaluator.js")).layer(options)
    }))
