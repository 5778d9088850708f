import { hostMatches, type Checked } from "#worker/egress/check"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import { base64Of, bytesOf } from "./base64.ts"
import { HttpFailure } from "./failure.ts"

type Sending = { url: URL; headers: Headers }

/** Refuses a credential for a host that it was not given for, and for a connection that others can read. */
export function assertReceiver(credential: ResolvedCredential, { url, allowed }: Checked): void {
  if (!hostMatches(url, credential.allowed_hosts)) {
    const message = `The credential “${credential.name}” may not be sent to ${url.hostname}: it is not among its hosts.`
    throw HttpFailure.of("http.credential_host", message)
  }
  if (url.protocol !== "https:" && !allowed) {
    const message = `The credential “${credential.name}” may not be sent to ${url.hostname} over http. Call it by https.`
    throw HttpFailure.of("http.credential_host", message)
  }
}

/** Puts a credential into a request, in the place of what stood there. Answers with what must not be seen of it again. */
export function addCredential(
  { kind, config, secret }: ResolvedCredential,
  { url, headers }: Sending,
): string[] {
  switch (kind) {
    case "bearer":
      headers.set("authorization", `Bearer ${secret}`)
      return [secret]
    case "basic": {
      const pair = base64Of(bytesOf(`${config.user_name ?? ""}:${secret}`))
      headers.set("authorization", `Basic ${pair}`)
      return [secret, pair]
    }
    case "header":
      headers.set(config.header ?? "", secret)
      return [secret]
    case "query": {
      const name = config.parameter ?? ""
      if (url.searchParams.has(name)) url.searchParams.delete(name)
      const own = new URLSearchParams([[name, secret]]).toString()
      url.search = url.search === "" ? own : `${url.search}&${own}`
      return [secret]
    }
    default:
      return kind satisfies never
  }
}
