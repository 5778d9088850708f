import * as z from "zod"

/**
 * The whole of what the Worker and the sandbox runner know of each other. `run` is the runner's own word: one program, once.
 * Every limit is asked for by the caller; one above what the profile allows is refused, one above the caller's token is bounded by it,
 * and `started` tells which limits hold.
 */
export const sandboxProtocol = 3

/**
 * Names one start of the runner. `GET /healthz` answers with it; `POST /v1/runs` with it is refused by every other start (`runner.other`),
 * so that a program which may have begun before a runner died is never begun by the next one unasked.
 */
export const bootHeader = "x-runner-boot"

export const RunLimits = z.strictObject({
  wall_ms: z.int().min(1).max(3_600_000).default(10_000),
  cpu_ms: z.int().min(1).max(3_600_000).default(8_000),
  memory_mb: z.int().min(16).max(2_048).default(256),
  pids: z.int().min(1).max(256).default(64),
  disk_mb: z.int().min(1).max(2_048).default(32),
  output_bytes: z.int().min(0).max(8_388_608).default(1_048_576),
  result_bytes: z.int().min(0).max(4_194_304).default(262_144),
  artifact_bytes: z.int().min(0).max(33_554_432).default(8_388_608),
  artifact_files: z.int().min(0).max(512).default(64),
})
export type RunLimits = z.infer<typeof RunLimits>

/** Relative, forward slashes, no step upwards: the runner writes inside its own scratch only. */
const FilePath = z
  .string()
  .max(500)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\0]+$/, {
    error: "Use a relative path without . or .. parts",
  })

/** What the kernel hands to a program as a word: a zero byte would end it and begin another. */
const Word = z.string().regex(/^[^\0]*$/, { error: "A zero byte is not possible here" })

/** Names that make a dynamic linker or a shell load code are refused. */
const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
  .refine((name) => !/^(LD_|GCONV_PATH$|GLIBC_TUNABLES$|BASH_ENV$|ENV$)/.test(name), {
    error: "This name is reserved",
  })

/** Where a program may connect: a host as DNS writes it and a port. */
const HostAndPort = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?:[1-9]\d{0,4}$/)

/** A header that the egress proxy adds to requests for one host; the program never sees its value. */
const Injection = z.strictObject({
  to: HostAndPort,
  header: z
    .string()
    .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/)
    .refine(
      (name) =>
        !/^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|proxy-.*)$/.test(name),
      {
        error: "This header belongs to the connection",
      },
    ),
  value: z
    .string()
    .max(8_192)
    .regex(/^[\t\x20-\x7e]*$/),
})
export type Injection = z.infer<typeof Injection>

export const RunRequest = z.strictObject({
  language: z.enum(["python", "node", "shell"]),
  /** Instead of `code`: a program of the image and its arguments. */
  argv: z.array(Word.max(4_096)).min(1).max(64).optional(),
  code: z.string().max(1_048_576).optional(),
  stdin: z.json().optional(),
  files: z
    .array(
      z.strictObject({
        path: FilePath,
        content: z.string(),
        encoding: z.enum(["utf8", "base64"]).default("utf8"),
      }),
    )
    .max(512)
    .default([]),
  env: z.record(EnvName, Word.max(32_768)).default({}),
  limits: RunLimits.prefault({}),
  network: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("none") }),
      z.strictObject({
        mode: z.literal("allow"),
        allow: z.array(HostAndPort).min(1).max(32),
        inject: z.array(Injection).max(32).default([]),
      }),
    ])
    .default({ mode: "none" }),
  profile: z.enum(["tool", "agent"]).default("tool"),
  /** `open` leaves stdin to the io socket: `stdin` comes first, what the socket sends after it. */
  io: z.enum(["closed", "open"]).default("closed"),
  /** Gives the program a terminal of this size for stdin, stdout and stderr. */
  tty: z.strictObject({ cols: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) }).optional(),
})
export type RunRequest = z.infer<typeof RunRequest>

export const RunStatus = z.enum([
  "ok",
  "error",
  "timeout",
  "cpu_limit",
  "memory_limit",
  "output_limit",
  "cancelled",
  "sandbox_error",
])

const outcome = {
  id: z.string(),
  status: RunStatus,
  /** Why the sandbox itself failed; never words of the program. */
  reason: z.string().nullable(),
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  truncated: z.object({ stdout: z.boolean(), stderr: z.boolean() }),
  result: z.json().optional(),
  result_error: z.string().nullable(),
  artifacts: z.array(z.object({ path: z.string(), size: z.int(), b64: z.string() })),
  /** Why artefacts are missing from the list, or null when all are in it. */
  artifacts_error: z.string().nullable(),
  usage: z.object({ wall_ms: z.number(), cpu_ms: z.number(), memory_peak: z.int(), oom_kills: z.int() }),
  isolation: z.string(),
}

/** The answer to `POST /v1/runs` as JSON. */
export const RunResult = z.object({ ...outcome, stdout: z.string(), stderr: z.string() })
export type RunResult = z.infer<typeof RunResult>

/** One line of the answer as NDJSON. Output sits only inside strings, so a program cannot forge a frame. */
export const RunFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), seq: z.int(), id: z.string(), limits: RunLimits.optional() }),
  z.object({ type: z.literal("stdout"), seq: z.int(), d: z.string().optional(), b64: z.string().optional() }),
  z.object({ type: z.literal("stderr"), seq: z.int(), d: z.string().optional(), b64: z.string().optional() }),
  z.object({ type: z.literal("ping"), seq: z.int() }),
  /** What lay between the number asked for and the oldest frame still kept is lost to this reader. */
  z.object({ type: z.literal("gap"), seq: z.int(), missed: z.int() }),
  z.object({ type: z.literal("exit"), seq: z.int(), ...outcome }),
])
export type RunFrame = z.infer<typeof RunFrame>

/** What the io socket (`GET /v1/runs/:id/io`) may send; it answers with frames as above. */
export const IoUp = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("stdin"),
    d: z.string().max(262_144).optional(),
    b64: z.base64().max(349_528).optional(),
  }),
  z.strictObject({ type: z.literal("stdin_end") }),
  z.strictObject({
    type: z.literal("resize"),
    cols: z.int().min(1).max(1_000),
    rows: z.int().min(1).max(1_000),
  }),
  z.strictObject({
    type: z.literal("signal"),
    name: z.enum(["SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"]),
  }),
])
export type IoUp = z.infer<typeof IoUp>

/** The answer to `GET /readyz`: 200 when the self-test holds, else 503 with the reason. */
export const Readiness = z.object({
  ready: z.boolean(),
  reason: z.string().nullable(),
  checked_at: z.string().nullable(),
})
export type Readiness = z.infer<typeof Readiness>

/** The answer to `GET /v1/capabilities`. */
export const RunnerCapabilities = z.object({
  protocol: z.int(),
  id: z.string(),
  ready: z.boolean(),
  reason: z.string().nullable(),
  profile: z.enum(["strong", "contained", "dev", "none"]),
  isolation: z.string(),
  languages: z.array(z.string()),
  network: z.boolean(),
  limits: z.object({ tool: RunLimits, agent: RunLimits }),
  slots: z.int(),
  free: z.int(),
  quarantined: z.int(),
  waiting: z.int(),
  pool: z.record(z.string(), z.int()),
})
export type RunnerCapabilities = z.infer<typeof RunnerCapabilities>

/** Every refusal of the runner, as application/problem+json (RFC 9457). */
export const RunnerProblem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type RunnerProblem = z.infer<typeof RunnerProblem>

/** What the caller's token says; tenant and maxima come from here and never from the body. */
export const CallerToken = z.strictObject({
  aud: z.string().min(1).max(200),
  tenant: z.string().min(1).max(200),
  /** Seconds since 1970, at most 60 s ahead. */
  exp: z.int(),
  jti: z.string().min(16).max(200),
  /** SHA-256 of the body, hex; of nothing where there is none. */
  body: z.string().regex(/^[0-9a-f]{64}$/),
  max: RunLimits,
  /** `host:port` that runs may be allowed to connect to; `*` stands for any. */
  net: z.array(z.string().max(300)).max(256),
})
export type CallerToken = z.infer<typeof CallerToken>
