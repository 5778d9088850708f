import { createHmac } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { describe, expect, it } from "vitest"
import { WebhookSignature } from "#core/contract/trigger-config"
import { verify } from "./signature.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const now = Date.parse("2026-11-21T12:00:00Z")
const seconds = now / 1000

type Input = Parameters<typeof WebhookSignature.parse>[0]
const check = (signature: Input, secret: string, headers: Record<string, string>, body: string, at = now) =>
  verify(WebhookSignature.parse(signature), secret, {
    headers: new Headers(headers),
    body: bytes(body),
    now: at,
  }).ok

const hmac = (secret: string, content: string, encoding: "hex" | "base64" = "hex") =>
  createHmac("sha256", secret).update(content).digest(encoding)

describe("github", () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const secret = "It's a Secret to Everybody"
  const right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
  const header = (value: string) => ({ "X-Hub-Signature-256": value })

  it("takes the published vector", () => {
    expect(check({ kind: "github" }, secret, header(right), "Hello, World!")).toBe(true)
  })

  it.each([
    ["another body", header(right), "Hello, World?"],
    ["one byte more", header(right), "Hello, World!\n"],
    ["no header", {}, "Hello, World!"],
    ["no prefix", header(right.slice(7)), "Hello, World!"],
    ["sha1", header(right.replace("sha256", "sha1")), "Hello, World!"],
    ["half a signature", header(right.slice(0, 40)), "Hello, World!"],
    ["a signature and more", header(`${right}00`), "Hello, World!"],
    ["nothing behind the prefix", header("sha256="), "Hello, World!"],
    ["what is no hex", header(`sha256=${"z".repeat(64)}`), "Hello, World!"],
    ["only its older header", { "X-Hub-Signature": right }, "Hello, World!"],
  ])("refuses %s", (_, headers, body) => {
    expect(check({ kind: "github" }, secret, headers, body)).toBe(false)
  })
})

describe("standard_webhooks", () => {
  const kind = { kind: "standard_webhooks" } as const
  // https://github.com/standard-webhooks/standard-webhooks: the reference tests' own secret and message.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  const body = '{"test": 2432232314}'
  const vector = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  }
  const signed = (text = body, at = now, by = secret) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(by).sign("msg_1", new Date(at), text),
  })

  it("takes the published vector at its time", () => {
    expect(check(kind, secret, vector, body, 1_614_265_330_000)).toBe(true)
    expect(check(kind, secret, vector, body)).toBe(false)
  })

  it("takes what the reference library signs, also beside other signatures", () => {
    expect(check(kind, secret, signed(), body)).toBe(true)
    const several = {
      ...signed(),
      "webhook-signature": `v1a,xxxx v1,bnVsbA== ${signed()["webhook-signature"]}`,
    }
    expect(check(kind, secret, several, body)).toBe(true)
    expect(check(kind, secret.slice(6), signed(), body)).toBe(true)
  })

  it.each([
    ["another body", signed(), `${body} `],
    ["another id", { ...signed(), "webhook-id": "msg_2" }, body],
    ["another time", { ...signed(), "webhook-timestamp": String(seconds + 1) }, body],
    ["another's secret", signed(body, now, `whsec_${Buffer.alloc(24, 7).toString("base64")}`), body],
    ["an old time, though rightly signed", signed(body, now - 301_000), body],
    ["a time to come, though rightly signed", signed(body, now + 301_000), body],
    [
      "a version it does not know",
      { ...signed(), "webhook-signature": signed()["webhook-signature"].replace("v1,", "v2,") },
      body,
    ],
    ["no time", { ...signed(), "webhook-timestamp": "" }, body],
  ])("refuses %s", (_, headers, text) => {
    expect(check(kind, secret, headers, text)).toBe(false)
  })
})

describe("stripe", () => {
  const kind = { kind: "stripe" } as const
  const secret = "whsec_test_secret"
  const body = '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}'
  const header = (text: string, at = seconds, by = secret) => ({
    "Stripe-Signature": `t=${at},v1=${hmac(by, `${at}.${text}`)},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39`,
  })

  it("takes its own, and any of several while the secret is rotated", () => {
    expect(check(kind, secret, header(body), body)).toBe(true)
    const two = {
      "Stripe-Signature": header(body)["Stripe-Signature"].replace(",v1=", `,v1=${"0".repeat(64)},v1=`),
    }
    expect(check(kind, secret, two, body)).toBe(true)
  })

  it.each([
    ["no header", {}],
    ["another body", header(`${body} `)],
    ["an old time", header(body, seconds - 301)],
    [
      "a time that was not signed",
      { "Stripe-Signature": header(body)["Stripe-Signature"].replace(`t=${seconds}`, `t=${seconds - 1}`) },
    ],
    ["another's secret", header(body, seconds, "whsec_other")],
    ["v0 alone", { "Stripe-Signature": `t=${seconds},v0=${hmac(secret, `${seconds}.${body}`)}` }],
  ])("refuses %s", (_, headers) => {
    expect(check(kind, secret, headers, body)).toBe(false)
  })
})

describe("hmac_sha256", () => {
  const secret = "8f742231b10e8888abcd99yyyzzz85a5"

  it("takes Slack's published vector by a content of one's own", () => {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    const signature = {
      kind: "hmac_sha256",
      header: "X-Slack-Signature",
      prefix: "v0=",
      timestamp_header: "X-Slack-Request-Timestamp",
      content: "v0:{timestamp}:{body}",
    } as const
    const headers = {
      "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
      "X-Slack-Request-Timestamp": "1531420618",
    }
    expect(check(signature, secret, headers, body, 1_531_420_618_000)).toBe(true)
    expect(check(signature, secret, headers, `${body}x`, 1_531_420_618_000)).toBe(false)
    expect(check(signature, secret, headers, body, 1_531_420_618_000 + 301_000)).toBe(false)
    const moved = { ...headers, "X-Slack-Request-Timestamp": "1531420619" }
    expect(check(signature, secret, moved, body, 1_531_420_618_000)).toBe(false)
  })

  it.each(["hex", "base64"] as const)("reads %s, and nothing that only looks like it", (encoding) => {
    const signature = { kind: "hmac_sha256", encoding } as const
    const right = hmac(secret, "{}", encoding)
    expect(check(signature, secret, { "X-Signature": right }, "{}")).toBe(true)
    for (const wrong of [
      right.slice(1),
      `${right}A`,
      "",
      right.toUpperCase() + "!",
      hmac(secret, "{} ", encoding),
    ])
      expect(check(signature, secret, { "X-Signature": wrong }, "{}")).toBe(false)
  })

  it("signs raw bytes, also such as are no text", () => {
    const body = new Uint8Array([0xff, 0x00, 0xfe])
    const right = createHmac("sha256", secret).update(body).digest("hex")
    const signature = WebhookSignature.parse({ kind: "hmac_sha256" })
    const headers = new Headers({ "X-Signature": right })
    expect(verify(signature, secret, { headers, body, now }).ok).toBe(true)
  })
})

describe("a secret in a header", () => {
  it.each([
    [{ kind: "header", header: "X-My-Secret" } as const, "X-My-Secret"],
    [{ kind: "gitlab" } as const, "X-Gitlab-Token"],
  ])("%j takes it and nothing else", (signature, header) => {
    expect(check(signature, "long-secret", { [header]: "long-secret" }, "")).toBe(true)
    for (const wrong of ["long-secre", "long-secret2", "LONG-SECRET", ""])
      expect(check(signature, "long-secret", { [header]: wrong }, "")).toBe(false)
    expect(check(signature, "long-secret", {}, "")).toBe(false)
  })
})
