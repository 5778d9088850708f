import * as z from "zod"

/**
 * The whole of what the Worker and the sandbox runner know of each other. `run` is the runner's own word: one program, once.
 * Every limit is asked for by the caller and bounded by the caller's token; nothing is clamped in silence.
 */
export const sandboxProtocol = 1

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

/** Names that make a dynamic linker or a shell load code are refused. */
const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
  .refine((name) => !/^(LD_|GCONV_PATH$|GLIBC_TUNABLES$|BASH_ENV$|ENV$)/.test(name), {
    error: "This name is reserved",
  })

export const RunRequest = z.strictObject({
  language: z.enum(["python", "node", "shell"]),
  /** Instead of `code`: a program of the image and its arguments. */
  argv: z.array(z.string().max(4_096)).min(1).max(64).optional(),
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
  env: z.record(EnvName, z.string().max(32_768)).default({}),
  limits: RunLimits.prefault({}),
  network: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("none") }),
      z.strictObject({
        mode: z.literal("allow"),
        allow: z
          .array(z.string().regex(/^[a-z0-9.-]+:\d{1,5}$/))
          .min(1)
          .max(32),
      }),
    ])
    .default({ mode: "none" }),
  profile: z.enum(["tool", "agent"]).default("tool"),
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
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  truncated: z.object({ stdout: z.boolean(), stderr: z.boolean() }),
  result: z.json().optional(),
  result_error: z.string().nullable(),
  artifacts: z.array(z.object({ path: z.string(), size: z.int(), b64: z.string() })),
  usage: z.object({ wall_ms: z.number(), cpu_ms: z.number(), memory_peak: z.int(), oom_kills: z.int() }),
  isolation: z.string(),
}

/** The answer to `POST /v1/runs` as JSON. */
export const RunResult = z.object({ ...outcome, stdout: z.string(), stderr: z.string() })
export type RunResult = z.infer<typeof RunResult>

/** One line of the answer as NDJSON. Output sits only inside strings, so a program cannot forge a frame. */
export const RunFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), seq: z.int(), id: z.string() }),
  z.object({ type: z.literal("stdout"), seq: z.int(), d: z.string().optional(), b64: z.string().optional() }),
  z.object({ type: z.literal("stderr"), seq: z.int(), d: z.string().optional(), b64: z.string().optional() }),
  z.object({ type: z.literal("ping"), seq: z.int() }),
  z.object({ type: z.literal("exit"), seq: z.int(), ...outcome }),
])
export type RunFrame = z.infer<typeof RunFrame>

/** What the caller's token says; tenant and maxima come from here and never from the body. */
export const CallerToken = z.strictObject({
  aud: z.string(),
  tenant: z.string(),
  /** Seconds since 1970, at most 60 s ahead. */
  exp: z.int(),
  jti: z.string(),
  /** SHA-256 of the body, hex. */
  body: z.string().regex(/^[0-9a-f]{64}$/),
  max: RunLimits,
  net: z.array(z.string()),
})
export type CallerToken = z.infer<typeof CallerToken>
