const always: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"],
]

/** `style-src-attr`: React Flow places nodes by inline style attributes; no script and no style element runs inline. */
const policy = (host: string, framed: boolean): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framed ? "*" : "'none'"}`,
  ].join("; ")

/** What stands in a frame of our own pages to show a picture of elsewhere that somebody asked for; it runs nothing. */
const picturePolicy =
  "default-src 'none'; img-src https: http: data:; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
const isPicture = /^\/picture(?:\.html)?$/

/** What programs left behind is saved, never shown; were it shown all the same, it would be nobody's page and run nothing. */
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"
const isFile = /^\/api\/v1\/executions\/[^/]+\/artifacts\//

/**
 * A hosted form may stand in any site's frame: whoever has its link may fill it in, no session is used there, and nothing on it
 * leads further in. No other page may.
 */
const isForm = /^\/form\/[a-z0-9-]{1,63}\.[\w-]{20,100}$/
/** Pages that somebody was sent a link to are nobody's search result. */
const isSent = /^\/(?:form|approve|shared-chats)\//

/** Puts the security headers on every answer: pages, the API, and failures. A socket's 101 carries none. */
export function secured(response: Response, url: URL, requestId: string): Response {
  if (response.status === 101) return response
  const answer = isMutable(response) ? response : new Response(response.body, response)
  const { headers } = answer
  for (const [name, value] of always) headers.set(name, value)
  const framed = isForm.test(url.pathname)
  const picture = isPicture.test(url.pathname)
  const special = picture ? picturePolicy : isFile.test(url.pathname) ? filePolicy : undefined
  headers.set("content-security-policy", special ?? policy(url.host, framed))
  if (framed) headers.delete("x-frame-options")
  if (picture) headers.set("x-frame-options", "SAMEORIGIN")
  if (isSent.test(url.pathname)) headers.set("x-robots-tag", "noindex, nofollow")
  // Other sites load it as a script of theirs.
  if (url.pathname === "/widget.js") headers.set("cross-origin-resource-policy", "cross-origin")
  headers.set("x-request-id", requestId)
  if (url.protocol === "https:")
    headers.set("strict-transport-security", "max-age=63072000; includeSubDomains")
  return answer
}

/** Answers of assets and objects come with headers that cannot be changed. */
function isMutable(response: Response): boolean {
  try {
    response.headers.set("x-content-type-options", "nosniff")
    return true
  } catch {
    return false
  }
}
