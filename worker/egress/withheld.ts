/** Headers that would speak for the connection or for somebody else: no call of a tenant sets them. */
export const withheld = [
  "host",
  "connection",
  "keep-alive",
  "content-length",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "proxy-authorization",
  "proxy-connection",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-real-ip",
  "cf-connecting-ip",
] as const

export const isWithheld = (name: string): boolean => withheld.some((one) => one === name.toLowerCase())
