/** `__Host-`: this host only, no other path, HTTPS only. Browsers count plain HTTP to their own machine as safe. */
const name = "__Host-edgecrew_refresh"
const attributes = "Path=/; HttpOnly; Secure; SameSite=Strict"
const lifeSeconds = 30 * 86_400

export const refreshCookie = (token: string) => ({
  "set-cookie": `${name}=${token}; ${attributes}; Max-Age=${lifeSeconds}`,
})

export const noRefreshCookie = { "set-cookie": `${name}=; ${attributes}; Max-Age=0` }

/** What a browser keeps while it is with a tenant's OpenID provider. */
export const ssoCookieName = "__Host-edgecrew_sso"
export const ssoCookie = (secret: string): string => `${ssoCookieName}=${secret}; ${attributes}; Max-Age=600`
export const noSsoCookie = `${ssoCookieName}=; ${attributes}; Max-Age=0`

/** The refresh token that the browser sent by itself. */
export const refreshCookieOf = (request: Request): string | undefined => cookieOf(request, name)

export function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=")
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}
