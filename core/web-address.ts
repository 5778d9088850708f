import * as z from "zod"

/**
 * How an address of the web begins, with the space that people paste around it, and its scheme in capitals: a pattern in a JSON
 * Schema has no flags, and what the document says is what is taken.
 */
const beginning = /^\s*[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#]+/

/** `https://…`, or `http://…` for those who insist, that may hold templates; where it leads is judged when it is called. */
export const webTemplate = (most: number, error: string) =>
  z.string().trim().max(most).regex(beginning, { error, abort: true })

const parsed = z.url({ protocol: /^https?$/ })

/**
 * The same without templates: what the URL Standard can read. Zod would write `format: uri` into the document, which is RFC 3986 and
 * refuses much of that, names in other scripts among it.
 */
export const webAddress = (most: number, error: string) =>
  webTemplate(most, error).refine((text) => parsed.safeParse(text).success, { error })
