/** Which of two formats a client would rather have (RFC 9110, section 12.5.1). */

const quality = (accept: string, type: string): number => {
  const [kind] = type.split("/")
  for (const range of [type, `${kind}/*`, "*/*"]) {
    for (const entry of accept.split(",")) {
      const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase())
      if (name !== range) continue
      const q = parameters.find((parameter) => parameter.startsWith("q="))
      return q === undefined ? 1 : Number(q.slice(2)) || 0
    }
  }
  return 0
}

/** Whether it is `type`, or else `usual`: that is what one gets who has no preference. */
export const prefers = (accept: string, type: string, usual: string): boolean =>
  quality(accept, type) > 0 && accept.toLowerCase().includes(type) && quality(accept, type) >= quality(accept, usual)
