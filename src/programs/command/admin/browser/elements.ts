/** The page's own elements, by their ids. */
export const element = (id: string): HTMLElement => document.getElementById(id)!

/** Says it only where it is something else: what a screen reader has read, it need not read again. */
export const say = (where: HTMLElement, text: string): void => {
  if (where.textContent !== text) where.textContent = text
}

/** Of how many there are. */
export const plural = (count: number, what: string): string =>
  `${new Intl.NumberFormat("en").format(count)} ${what}${count === 1 ? "" : "s"}`
