/**
 * The calculator in mathjs's language. It needs the package `mathjs`, which this one does not install.
 *
 * @since 0.1.0
 * @module
 */
export * from "./services/MathjsEvaluator.js"
