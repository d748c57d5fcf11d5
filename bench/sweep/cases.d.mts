/** Everything that the language does, from the evaluator's own tables, so that what is added is swept, too. */
export interface Vocabulary {
  readonly callables: ReadonlyArray<string>
  readonly binary: ReadonlyArray<string>
  readonly relations: ReadonlyArray<string>
  readonly unary: ReadonlyArray<string>
}

export interface Case {
  /** What is swept: a callable, or an operator with its places. */
  readonly subject: string
  readonly expression: string
}

export const zoo: ReadonlyArray<string>
export const nastiest: ReadonlyArray<string>

/** Each with every value of the zoo, once and as often as fits. */
export const alone: (vocabulary: Vocabulary) => ReadonlyArray<Case>

/** Each with every pair of the nastiest values, as often as fits. */
export const inPairs: (vocabulary: Vocabulary) => ReadonlyArray<Case>

/** Texts that are no expressions, or barely, and long. */
export const texts: ReadonlyArray<Case>
