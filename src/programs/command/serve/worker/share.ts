/** What is one worker's of what a service may take: part `part`, from 1 up, of so many. */
export const share = (whole: number, part: number, of: number): number =>
  Math.floor(whole / of) + (part <= whole % of ? 1 : 0)
