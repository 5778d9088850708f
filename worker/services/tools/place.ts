import type { ToolDefinition } from "#core/tool/tool"
import { hasIsolates, hasSandbox, type Env } from "#worker/env"

/** A program needs somewhere to run; whoever asks for one call of it is told at once that there is nothing. */
export function canRun(env: Env, kind: ToolDefinition["kind"]): boolean {
  if (kind === "isolate" && hasIsolates(env)) return true
  return (kind !== "container" && kind !== "isolate") || hasSandbox(env)
}
