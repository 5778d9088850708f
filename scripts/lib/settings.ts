import * as z from "zod"
import { resolve } from "node:path"
import { root } from "./paths.ts"
import { Refusal } from "./progress.ts"

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65_535

const isHostAndPort = (entry: string): boolean =>
  /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):\d{1,5}$/i.test(entry) &&
  isPort(Number(entry.slice(entry.lastIndexOf(":") + 1)))

function isQuotas(text: string): boolean {
  try {
    return z.record(z.string(), z.number()).safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

const port = z.string().regex(/^\d+$/).transform(Number).refine(isPort)
const seed = z.enum(["0", "1"]).transform((flag) => flag === "1")
const isLanes = (text: string): boolean =>
  text === "per_execution" || (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1023)
const hosts = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim()))
  .transform((entries) => entries.filter((entry) => entry !== ""))
  .refine((entries) => entries.every(isHostAndPort))
  .transform((entries) => entries.join(","))

/** What the environment may set, and its default. */
const Environment = z.object({
  PORT: port.prefault("8787"),
  EDGECREW_STATE: z.string().default(".edgecrew"),
  EDGECREW_SEED: seed.prefault("1"),
  EDGECREW_QUOTAS: z.string().refine(isQuotas).default("{}"),
  EDGECREW_EGRESS_ALLOW: hosts.prefault(""),
  EXECUTION_LANES: z.string().refine(isLanes).default("4"),
  EDGECREW_ORIGIN: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default(""),
  EDGECREW_JOURNAL_DAYS: z
    .string()
    .regex(/^\d{1,4}$/)
    .default("30"),
  EDGECREW_BUILDER_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .default("120"),
  EDGECREW_SANDBOX: seed.prefault("1"),
  SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  SANDBOX_SECRET: z.string().min(32).optional(),
})

const expected: Record<string, string> = {
  PORT: "a port from 1 to 65535",
  EDGECREW_SEED: "1 (seed the demo tenant) or 0 (start empty)",
  EDGECREW_QUOTAS: "a JSON object of numbers by quota name, such as {}",
  EDGECREW_EGRESS_ALLOW: "a comma-separated list of host:port, such as 127.0.0.1:11434",
  EXECUTION_LANES: "a number from 1 to 1023, or per_execution",
  EDGECREW_ORIGIN: "the address by which others reach this server, such as https://edgecrew.example.com",
  EDGECREW_JOURNAL_DAYS: "a number of days, or 0 to keep journals where they are",
  EDGECREW_BUILDER_SECONDS: "a number of seconds",
  EDGECREW_SANDBOX: "1 (start the sandbox runner too) or 0",
  SANDBOX_URL: "the address of a sandbox runner, such as http://127.0.0.1:8790",
  SANDBOX_SECRET: "the runner's key, at least 32 characters",
}

export interface Settings {
  port: number
  /** The state folder; a relative one lies in the checkout. */
  state: string
  seed: boolean
  /** The sandbox runner: one of our own, somebody else's, or none. */
  sandbox: { kind: "own" } | { kind: "none" } | { kind: "given"; url: string; secret: string }
  /** Text bindings the Worker reads. */
  bindings: {
    QUOTAS: string
    EGRESS_ALLOW: string
    EXECUTION_LANES: string
    JOURNAL_DAYS: string
    BUILDER_SECONDS: string
    PUBLIC_ORIGIN: string
  }
}

function sandboxOf(settings: z.infer<typeof Environment>): Settings["sandbox"] {
  const { EDGECREW_SANDBOX, SANDBOX_URL: url, SANDBOX_SECRET: secret } = settings
  if (!EDGECREW_SANDBOX) return { kind: "none" }
  if (url === undefined) return { kind: "own" }
  if (secret === undefined)
    throw new Refusal(`SANDBOX_URL is set; SANDBOX_SECRET is not. Expected ${expected["SANDBOX_SECRET"]}.`)
  return { kind: "given", url: new URL(url).origin, secret }
}

/** Reads the settings of `npm start`; every wrong one is named in one message, an empty one counts as not set. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])))
    const lines = [...names].map(
      (name) =>
        `${name} is ${name === "SANDBOX_SECRET" ? "wrong" : JSON.stringify(given[name])}; expected ${expected[name]}.`,
    )
    throw new Refusal(lines.join("\n"))
  }
  const settings = parsed.data
  return {
    port: settings.PORT,
    state: resolve(root, settings.EDGECREW_STATE),
    seed: settings.EDGECREW_SEED,
    sandbox: sandboxOf(settings),
    bindings: {
      QUOTAS: settings.EDGECREW_QUOTAS,
      EGRESS_ALLOW: settings.EDGECREW_EGRESS_ALLOW,
      EXECUTION_LANES: settings.EXECUTION_LANES,
      PUBLIC_ORIGIN: settings.EDGECREW_ORIGIN,
      JOURNAL_DAYS: settings.EDGECREW_JOURNAL_DAYS,
      BUILDER_SECONDS: settings.EDGECREW_BUILDER_SECONDS,
    },
  }
}
