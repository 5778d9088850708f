import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from "jose"
import { Provider, type Account } from "oidc-provider"

export interface Issuer {
  url: string
  close: () => void
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const client = { client_id: "edgecrew", client_secret: "sso-secret-0123456789abcdef" }

/**
 * The published OpenID provider from npm, with one client. Whoever signs in by a name has the address that the name says: with
 * `unproven-` before it, one that the provider has not verified.
 */
export async function openIdProvider(redirectUri: string): Promise<Issuer> {
  const server = createServer()
  const url = await listening(server)
  const findAccount = (_: unknown, id: string): Account => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: id.replace(/^unproven-/, ""),
      email_verified: !id.startsWith("unproven-"),
      name: `Name of ${id}`,
    }),
  })
  const provider = new Provider(url, {
    clients: [
      {
        ...client,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount,
    cookies: { keys: ["a key of the tests alone"] },
  })
  server.on("request", provider.callback())
  return { url, close: () => void server.close() }
}

/** What a false provider puts into its answers. */
export type Lie = {
  claims?: JWTPayload
  /** The header and the key, where they are not right. */
  header?: JWK
  by?: "another" | "nobody" | "the public key"
  /** What it calls itself. */
  issuer?: string
}

/** A provider that lies as it is told, and changes its keys. */
export class Liar {
  url = ""
  lie: Lie = {}
  received = 0
  /** The parameters that the browser was last led here with. */
  asked = new URLSearchParams()
  #key = 0
  readonly #pairs: Awaited<ReturnType<typeof generateKeyPair>>[] = []
  readonly #server = createServer((request, response) => {
    void this.#answer(request.url ?? "/").then(([status, body]) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify(body))
    })
  })

  static async start(): Promise<Liar> {
    const liar = new Liar()
    for (let i = 0; i < 3; i++) liar.#pairs.push(await generateKeyPair("RS256", { extractable: true }))
    liar.url = await listening(liar.#server)
    return liar
  }

  close(): void {
    this.#server.close()
  }

  /** From now on it signs with another key, and shows that one alone. */
  turn(): void {
    this.#key = (this.#key + 1) % 2
  }

  async #answer(path: string): Promise<[number, unknown]> {
    this.received++
    const issuer = this.lie.issuer ?? this.url
    const public_key = {
      ...(await exportJWK(this.#pairs[this.#key]!.publicKey)),
      kid: `key-${this.#key}`,
      alg: "RS256",
    }
    if (path.startsWith("/.well-known")) {
      const at = (name: string) => `${this.url}/${name}`
      const endpoints = {
        authorization_endpoint: at("auth"),
        token_endpoint: at("token"),
        jwks_uri: at("jwks"),
      }
      return [200, { issuer, ...endpoints }]
    }
    if (path === "/jwks") return [200, { keys: [public_key] }]
    if (path === "/token")
      return [200, { id_token: await this.#token(issuer, public_key), token_type: "Bearer" }]
    return [404, {}]
  }

  async #token(issuer: string, public_key: JWK): Promise<string> {
    const { claims = {}, header = {}, by } = this.lie
    const now = Math.floor(Date.now() / 1_000)
    const payload = {
      iss: issuer,
      aud: client.client_id,
      sub: "liar",
      nonce: this.asked.get("nonce") ?? "",
      iat: now,
      exp: now + 300,
      ...claims,
    }
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
    if (by === "nobody") return `${encoded({ alg: "none", ...header })}.${encoded(payload)}.`
    if (by === "the public key")
      return new SignJWT(payload)
        .setProtectedHeader({ alg: "HS256", kid: public_key.kid ?? "" })
        .sign(new TextEncoder().encode(JSON.stringify(public_key)))
    const pair = this.#pairs[by === "another" ? 2 : this.#key]!
    return new SignJWT(payload)
      .setProtectedHeader({ alg: "RS256", kid: public_key.kid ?? "", ...header })
      .sign(pair.privateKey)
  }
}
