import * as z from "zod"
import { isIP } from "node:net"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"

const list = z
  .string()
  .transform((text) => text.split(",").map((one) => one.trim()))
  .transform((all) => all.filter((one) => one !== ""))
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
const flag = z.enum(["0", "1"]).transform((text) => text === "1")
const hostAndPort = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):[1-9]\d{0,4}$/

/** An address, with a port if it is not the usual one. */
const isNameServer = (text: string): boolean =>
  isIP(text) !== 0 || isIP((/^(.+):\d{1,5}$/.exec(text)?.[1] ?? "").replace(/^\[|\]$/g, "")) !== 0

const cores = availableParallelism()

const Environment = z.object({
  SANDBOX_SECRET: list.refine(
    (keys) => keys.length >= 1 && keys.length <= 2 && keys.every((key) => key.length >= 32),
  ),
  SANDBOX_ID: z.string().max(200).default("sandbox-runner"),
  SANDBOX_HOST: z.string().default("127.0.0.1"),
  SANDBOX_PORT: whole(0, 65_535).prefault("8790"),
  SANDBOX_PROFILE: z.enum(["auto", "strong", "contained", "dev"]).default("auto"),
  SANDBOX_STRICT: flag.prefault("0"),
  SANDBOX_LIFELINE: flag.prefault("0"),
  SANDBOX_SLOTS: whole(1, 64).prefault(String(Math.max(4, 2 * cores))),
  SANDBOX_POOL: whole(0, 16).prefault("2"),
  SANDBOX_ROOTFS: z.string().startsWith("/").optional(),
  SANDBOX_STATE: z
    .string()
    .startsWith("/")
    .default(join(tmpdir(), `edgecrew-sandbox-${process.pid}`)),
  SANDBOX_TENANT: z.string().max(200).optional(),
  SANDBOX_SHARED_KERNEL: z.enum(["accept"]).optional(),
  SANDBOX_EGRESS_ALLOW: list.refine((all) => all.every((one) => hostAndPort.test(one))).prefault(""),
  SANDBOX_DNS: list.refine((all) => all.every(isNameServer)).prefault(""),
  SANDBOX_METRICS_TOKEN: z.string().min(32).optional(),
})

const expected: Record<string, string> = {
  SANDBOX_SECRET: "one key of at least 32 characters, or two with a comma while keys are changed",
  SANDBOX_PORT: "a port, or 0 for any free one",
  SANDBOX_PROFILE: "auto, strong, contained or dev",
  SANDBOX_STRICT: "1 (end with exit code 78 when isolation is not real) or 0",
  SANDBOX_LIFELINE: "1 (end when standard input does) or 0",
  SANDBOX_SLOTS: "a number of runs at the same time, 1 to 64",
  SANDBOX_POOL: "a number of warm sandboxes per language, 0 to 16",
  SANDBOX_ROOTFS: "an absolute path",
  SANDBOX_STATE: "an absolute path",
  SANDBOX_SHARED_KERNEL: "accept, or nothing",
  SANDBOX_EGRESS_ALLOW: "a comma-separated list of host:port",
  SANDBOX_DNS: "a comma-separated list of addresses, with a port or without",
  SANDBOX_METRICS_TOKEN: "at least 32 characters",
}

export interface RunnerSettings {
  host: string
  /** 0 takes any free port. */
  port: number
  /** The audience that callers' tokens must name. */
  id: string
  /** Keys of callers' tokens: the present one and, while they are changed, the one before. */
  secrets: readonly string[]
  profile: "auto" | "strong" | "contained" | "dev"
  strict: boolean
  /** Ends when its standard input does: whoever started it is gone. */
  lifeline: boolean
  slots: number
  pool: number
  rootfs: string | null
  stateDir: string
  /** The one tenant that is served, or null for any. */
  tenant: string | null
  /** Several tenants on one kernel, without a virtual machine between them: taken by the operator's own word only. */
  sharedKernel: boolean
  /** `host:port` that the egress proxy may reach although its address is not public. */
  egressAllow: readonly string[]
  /** Name servers in place of the machine's own. */
  dns: readonly string[]
  metricsToken: string | null
}

/** Reads the settings and takes the secrets out of `env`, so that nothing that looks there later can tell them. */
export function readRunnerSettings(env: Record<string, string | undefined>): RunnerSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith("SANDBOX_") && value !== ""),
  )
  delete env["SANDBOX_SECRET"]
  delete env["SANDBOX_METRICS_TOKEN"]
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])))
    // The names alone: a wrong value may be a secret at the wrong place.
    throw new Error(
      [...names].map((name) => `${name}: expected ${expected[name] ?? "another value"}.`).join("\n"),
    )
  }
  const set = parsed.data
  return {
    host: set.SANDBOX_HOST,
    port: set.SANDBOX_PORT,
    id: set.SANDBOX_ID,
    secrets: set.SANDBOX_SECRET,
    profile: set.SANDBOX_PROFILE,
    strict: set.SANDBOX_STRICT,
    lifeline: set.SANDBOX_LIFELINE,
    slots: set.SANDBOX_SLOTS,
    pool: set.SANDBOX_POOL,
    rootfs: set.SANDBOX_ROOTFS ?? null,
    stateDir: set.SANDBOX_STATE,
    tenant: set.SANDBOX_TENANT ?? null,
    sharedKernel: set.SANDBOX_SHARED_KERNEL === "accept",
    egressAllow: set.SANDBOX_EGRESS_ALLOW,
    dns: set.SANDBOX_DNS,
    metricsToken: set.SANDBOX_METRICS_TOKEN ?? null,
  }
}
