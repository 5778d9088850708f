import { base64url, digestOf, keyedDigest } from "#worker/digest"

/** What a sign-in needs when it comes back, made of the state that travels and the secret that the browser keeps. */
export type LoginSecrets = {
  /** By which it is found again; the two it is made of are nowhere together. */
  digest: string
  nonce: string
  verifier: string
  challenge: string
}

export function loginSecrets(pepper: string, state: string, kept: string): LoginSecrets {
  const of = (what: string) => base64url(keyedDigest(pepper, `sso:${what}:${state}:${kept}`))
  const verifier = of("verifier")
  return { digest: digestOf(`${state}:${kept}`), nonce: of("nonce"), verifier, challenge: digestOf(verifier) }
}
