import type { WebhookConfig, WebhookSignature } from "#core/contract/trigger-config"

const json = `-H "Content-Type: application/json"`

type Signed = {
  /** Shell lines that make what the headers need. */
  before: string[]
  headers: string[]
}

/** How a sender in a shell proves who it is; `$SECRET` holds the secret and `$BODY` what is sent. */
function signedBy(signature: WebhookSignature): Signed {
  const hmac = (content: string, form = "hex") =>
    `SIGNATURE=$(printf '%s' "${content}" | openssl dgst -sha256 -hmac "$SECRET"${
      form === "hex" ? " | sed 's/^.* //'" : " -binary | openssl base64 -A"
    })`
  const time = "TIME=$(date +%s)"
  switch (signature.kind) {
    case "none":
      return { before: [], headers: [] }
    case "header":
      return { before: [], headers: [`-H "${signature.header}: $SECRET"`] }
    case "gitlab":
      return { before: [], headers: [`-H "X-Gitlab-Token: $SECRET"`, `-H "X-Gitlab-Event: Push Hook"`] }
    case "github":
      return {
        before: [hmac("$BODY")],
        headers: [
          `-H "X-Hub-Signature-256: sha256=$SIGNATURE"`,
          `-H "X-GitHub-Event: push"`,
          `-H "X-GitHub-Delivery: $(openssl rand -hex 16)"`,
        ],
      }
    case "stripe":
      return {
        before: [time, hmac("$TIME.$BODY")],
        headers: [`-H "Stripe-Signature: t=$TIME,v1=$SIGNATURE"`],
      }
    case "standard_webhooks":
      return {
        before: [
          time,
          "ID=msg_$(openssl rand -hex 12)",
          `KEY=$(printf '%s' "\${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`,
          `SIGNATURE=$(printf '%s' "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary | openssl base64 -A)`,
        ],
        headers: [
          `-H "webhook-id: $ID"`,
          `-H "webhook-timestamp: $TIME"`,
          `-H "webhook-signature: v1,$SIGNATURE"`,
        ],
      }
    case "hmac_sha256": {
      const { header, encoding, prefix, timestamp_header: stamp, content } = signature
      const signed = (content ?? (stamp ? "{timestamp}.{body}" : "{body}"))
        .replaceAll("{timestamp}", "$TIME")
        .replaceAll("{body}", "$BODY")
      return {
        before: [...(stamp ? [time] : []), hmac(signed, encoding)],
        headers: [...(stamp ? [`-H "${stamp}: $TIME"`] : []), `-H "${header}: ${prefix}$SIGNATURE"`],
      }
    }
    default:
      return signature satisfies never
  }
}

/** A delivery as a shell sends it, signed as this webhook wants it. */
export function curlOf(config: WebhookConfig, address: string, body: unknown): string {
  const { before, headers } = signedBy(config.signature)
  const method = config.methods.includes("POST") ? "POST" : (config.methods[0] ?? "POST")
  const written = JSON.stringify(body).replaceAll("'", `'\\''`)
  const needsSecret = config.signature.kind !== "none"
  if (method === "GET" && !needsSecret) return `curl "${address}"`
  const lines = [
    ...(needsSecret ? ["SECRET='the secret of this webhook'"] : []),
    ...(needsSecret ? [`BODY='${written}'`] : []),
    ...before,
  ]
  const options = [...headers, json, `-d ${needsSecret ? '"$BODY"' : `'${written}'`}`]
  const call = [`curl -X ${method} "${address}"`, ...options].join(" \\\n  ")
  return [...lines, call].join("\n")
}
