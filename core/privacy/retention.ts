import * as z from "zod"

const dayMs = 86_400_000

/** For how many days after its end something is kept; null keeps it until somebody deletes it. Ten years at most. */
const Days = z.int().min(1).max(3_650).nullable()

/** How long a tenant keeps what it has, by kind of data. */
export const Retention = z
  .strictObject({
    /** Executions that have ended, with their journals, spans, questions and files. */
    executions: Days,
    /** Spans alone: the execution's own page shows them again from its journal. */
    traces: Days,
    /** Spans of calls of tools, and the files that tools have left. */
    tool_calls: Days,
    /** Chats in which nobody has said anything since. */
    chats: Days,
    /** What came to triggers. */
    deliveries: Days,
    /** What people have deleted, and could still bring back. */
    deleted: Days,
  })
  .meta({ id: "Retention" })
export type Retention = z.infer<typeof Retention>

export const RetentionKind = z.enum(["executions", "traces", "tool_calls", "chats", "deliveries", "deleted"])
export type RetentionKind = z.infer<typeof RetentionKind>

/** While nobody has said anything else. */
export const defaultRetention: Retention = {
  executions: null,
  traces: null,
  tool_calls: null,
  chats: null,
  deliveries: 30,
  deleted: null,
}

/** What is older than this (ISO 8601) is no longer kept; undefined while everything of the kind is. */
export function cutoff(retention: Retention, kind: RetentionKind, now: number): string | undefined {
  const days = retention[kind]
  return days === null ? undefined : new Date(now - days * dayMs).toISOString()
}
