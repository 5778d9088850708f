import * as z from "zod"
import { mostLanes } from "#core/ids"

/** What the platform hands us: bindings and vars of wrangler.toml, and the secrets, which no file of the repository holds. */
export type Env = Cloudflare.Env & {
  SIGNING_KEY: string
  AUDIT_KEY: string
  PEPPER: string
  SECRETS_KEK: string
  SETUP_TOKEN?: string
  /** Sends mail, where the installation has a `send_email` binding of this name. */
  MAIL?: SendEmail
  /** The key of the sandbox runner's callers; without it no program is run. */
  SANDBOX_SECRET?: string
  /** Tells all addresses of a name (`?host=`), where we run on a machine of our own; Cloudflare reaches public ones only. */
  RESOLVER?: Fetcher
  /** Connects to public addresses alone, where we run on a machine of our own: it judges the very address that it dials. */
  PUBLIC_NETWORK?: Fetcher
}

/** The most machines that one tenant's programs are spread over. */
export const mostMachines = 64

const json = (text: string, at: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    at.addIssue({ code: "custom", message: "not JSON" })
    return z.NEVER
  }
}

const SigningKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
  kid: z.string().optional(),
})

const Settings = z.object({
  /** An Ed25519 private key as a JWK; signs access tokens. */
  SIGNING_KEY: z.string().transform(json).pipe(SigningKey),
  /** An Ed25519 private key as a JWK; signs the checkpoints of audit logs. Auditors know its public half: it changes only with notice. */
  AUDIT_KEY: z.string().transform(json).pipe(SigningKey),
  /** At least 256 bits, base64; keys the HMAC over passwords and refresh tokens. */
  PEPPER: z.base64().refine((text) => atob(text).length >= 32, { error: "shorter than 32 bytes" }),
  /** The key-encryption key(s) of worker/secrets/vault.ts. */
  SECRETS_KEK: z.string().min(1),
  /** Opens /internal/setup; absent in a deployment that is set up. */
  SETUP_TOKEN: z.string().min(16).optional(),
  QUOTAS: z.string().transform(json).pipe(z.record(z.string(), z.number())),
  /** The header by which whoever stands in front of us tells a client's address; empty where nobody does. */
  CLIENT_ADDRESS_HEADER: z.string().regex(/^[a-z-]*$/),
  EGRESS_ALLOW: z.string().transform((list) =>
    list
      .split(",")
      .map((host) => host.trim())
      .filter(Boolean),
  ),
  /** After so many days journals move to the bucket; 0 keeps them in their objects. */
  JOURNAL_DAYS: z.coerce.number().int().min(0),
  /** How long a model may take for a proposal of the builder in words, all its rounds together. */
  BUILDER_SECONDS: z.coerce.number().int().min(1).max(9_999).default(120),
  /** Where the outside reaches this installation, such as https://edgecrew.example.com; empty: see `originFor`. */
  PUBLIC_ORIGIN: z.union([z.literal(""), z.url().transform((text) => new URL(text).origin)]).default(""),
  /** What mails of the installation come from; empty: none are sent. */
  MAIL_FROM: z.union([z.literal(""), z.email()]).default(""),
  /** Where the sandbox runner answers; empty: each tenant's own machine, where the platform has some. */
  SANDBOX_URL: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
  /** What the runner calls itself in the tokens that it takes. */
  SANDBOX_ID: z.string().min(1).max(200).default("sandbox-runner"),
  /** The key that we share with the runner; without it programs are not run. */
  SANDBOX_SECRET: z.string().min(32).optional(),
  /** How many machines a tenant's programs are spread over. */
  SANDBOX_MACHINES: z.coerce.number().int().min(1).max(mostMachines).default(1),
  /** After so long without work a tenant's machine is stopped. */
  SANDBOX_IDLE_SECONDS: z.coerce.number().int().min(10).default(300),
  /** Where functions run: in Dynamic Workers, where the platform limits them, or like every other program in the runner. */
  ISOLATES: z.enum(["platform", "runner"]).default("runner"),
  EXECUTION_LANES: z.union([z.literal("per_execution"), z.coerce.number().int().min(1).max(mostLanes)]),
})
export type Settings = z.infer<typeof Settings>

const parsed = new WeakMap<Env, Settings>()

/** The settings, parsed once an isolate. An installation that lacks one fails at its first request, by name and without the value. */
export function settingsOf(env: Env): Settings {
  const known = parsed.get(env)
  if (known) return known
  const result = Settings.safeParse(env)
  if (!result.success) {
    const faults = result.error.issues.map((one) => `${one.path.join(".")}: ${one.message}`)
    throw new Error(`The installation is misconfigured: ${faults.join("; ")}`)
  }
  parsed.set(env, result.data)
  return result.data
}

/** Whether programs can be run at all: by a runner whose address is set, or on machines of the platform. */
export function hasSandbox(env: Env): boolean {
  const { SANDBOX_SECRET, SANDBOX_URL } = settingsOf(env)
  return SANDBOX_SECRET !== undefined && (SANDBOX_URL !== "" || env.SANDBOX !== undefined)
}

/** Whether functions run in Dynamic Workers, whose limits the platform keeps. */
export const hasIsolates = (env: Env): boolean =>
  settingsOf(env).ISOLATES === "platform" && env.LOADER !== undefined

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"])

/**
 * What addresses begin with that are handed out in an answer to a request. Its Host header is its sender's own word: it counts
 * where the edge in front has routed by it, and on this very machine; elsewhere addresses are relative until PUBLIC_ORIGIN is set.
 */
export function originFor(env: Env, url: URL): string {
  const { PUBLIC_ORIGIN, CLIENT_ADDRESS_HEADER } = settingsOf(env)
  if (PUBLIC_ORIGIN !== "") return PUBLIC_ORIGIN
  return CLIENT_ADDRESS_HEADER !== "" || loopback.has(url.hostname) ? url.origin : ""
}
