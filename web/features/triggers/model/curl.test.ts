import { expect, it } from "vitest"
import { WebhookConfig } from "#core/contract/trigger-config"
import { curlOf } from "./curl.ts"

const address = "https://crew.example.com/hooks/a"
const of = (config: object, body: object = { text: "Hi" }) =>
  curlOf(WebhookConfig.parse(config), address, body)

it("sends what stands in the body, quotes and all", () => {
  expect(of({}, { text: "It's" })).toBe(
    [
      `curl -X POST "${address}" \\`,
      `  -H "Content-Type: application/json" \\`,
      `  -d '{"text":"It'\\''s"}'`,
    ].join("\n"),
  )
})

it("asks by GET where nothing else is taken", () => {
  expect(of({ methods: ["GET"] })).toBe(`curl "${address}"`)
  expect(of({ methods: ["PUT"] })).toContain("-X PUT")
})

it("signs over what an HMAC's own settings say", () => {
  const slack = of({
    signature: {
      kind: "hmac_sha256",
      header: "X-Slack-Signature",
      prefix: "v0=",
      timestamp_header: "X-Slack-Request-Timestamp",
      content: "v0:{timestamp}:{body}",
    },
  })
  expect(slack).toContain(`printf '%s' "v0:$TIME:$BODY"`)
  expect(slack).toContain(`-H "X-Slack-Signature: v0=$SIGNATURE"`)
  expect(slack).toContain(`-H "X-Slack-Request-Timestamp: $TIME"`)
})

it("never holds a secret, only the place for it", () => {
  for (const kind of ["header", "hmac_sha256", "github", "gitlab", "standard_webhooks", "stripe"])
    expect(of({ signature: { kind } })).toContain("SECRET='the secret of this webhook'")
})
