import type { CallerToken, RunLimits, RunnerProblem, RunRequest } from "../../core/contract/sandbox.ts"
import { Problem } from "../problem.ts"

/** The most that a profile allows. */
export const maxima: Record<RunRequest["profile"], RunLimits> = {
  tool: {
    wall_ms: 60_000,
    cpu_ms: 60_000,
    memory_mb: 1_024,
    pids: 256,
    disk_mb: 256,
    output_bytes: 8_388_608,
    result_bytes: 4_194_304,
    artifact_bytes: 33_554_432,
    artifact_files: 512,
  },
  agent: {
    wall_ms: 3_600_000,
    cpu_ms: 3_600_000,
    memory_mb: 2_048,
    pids: 256,
    disk_mb: 2_048,
    output_bytes: 8_388_608,
    result_bytes: 4_194_304,
    artifact_bytes: 33_554_432,
    artifact_files: 512,
  },
}

/** The request with the limits and destinations that the token leaves of it. Throws a Problem for what is above the profile. */
export function bounded(request: RunRequest, token: CallerToken): RunRequest {
  const names = Object.keys(request.limits) as (keyof RunLimits)[]
  const most = maxima[request.profile]
  const issues: RunnerProblem["issues"] = names
    .filter((name) => request.limits[name] > most[name])
    .map((name) => ({
      path: `limits.${name}`,
      message: `at most ${most[name]} in profile ${request.profile}`,
    }))
  if (issues.length > 0)
    throw new Problem(
      "limits.too_high",
      issues.map(({ path, message }) => `${path}: ${message}`).join("; "),
      { issues },
    )
  checkNetwork(request, token)
  const limits = { ...request.limits }
  for (const name of names) limits[name] = Math.min(limits[name], token.max[name])
  return { ...request, limits }
}

function checkNetwork({ network }: RunRequest, token: CallerToken): void {
  if (network.mode === "none") return
  const foreign = network.allow.filter((one) => !token.net.includes(one) && !token.net.includes("*"))
  if (foreign.length > 0) throw new Problem("network.refused", foreign.join(", "))
  const elsewhere = network.inject.filter(({ to }) => !network.allow.includes(to))
  if (elsewhere.length === 0) return
  const issues = elsewhere.map(({ to }) => ({
    path: "network.inject",
    message: `${to} is not in network.allow`,
  }))
  throw new Problem("request.malformed", "A header is meant for a host that may not be called.", { issues })
}
