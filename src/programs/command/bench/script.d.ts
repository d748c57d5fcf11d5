/** A module and all it imports, as the text of one script for a browser: see scripts/inline.mjs. */
declare module "script:*" {
  const script: string
  export default script
}
