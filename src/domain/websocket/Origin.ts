/**
 * Which pages may connect (RFC 6455, section 10.2). A browser says where the page is from, and nothing else stops a page of
 * anybody's from reaching a server on the machine where it is read. Whoever is no browser says nothing, and may.
 */
export type Origins = "loopback" | "any" | ReadonlyArray<string>

const loopback = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

const originOf = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Whether a page of this origin may connect; undefined is that of who has none. */
export const isAllowed = (origins: Origins, origin: string | undefined): boolean => {
  if (origin === undefined || origins === "any") return true
  const url = originOf(origin)
  if (url === undefined) return false
  return origins === "loopback"
    ? loopback.test(url.hostname)
    : origins.some((allowed) => originOf(allowed)?.origin === url.origin)
}
