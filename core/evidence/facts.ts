import type { Role } from "#core/access/roles"
import type { Redaction } from "#core/privacy/redact"
import type { Retention } from "#core/privacy/retention"

/** What a workspace's data says of itself at one moment. Counts of what happened are those since a day. */
export type Facts = {
  members: { active: number; disabled: number; roles: Record<Role, number> }
  /** Of active members; `hashed` are those that a slow hash protects. */
  passwords: { kept: number; hashed: number }
  sessions: { alive: number; oldest_days: number }
  keys: {
    total: number
    without_expiry: number
    unused_90_days: number
    oldest_days: number
    restricted: number
  }
  secrets: { kept: number; sealed: number; data_keys: number; newest_key_days: number | null }
  /** `checkpoints` are signed. */
  audit: {
    entries: number
    since_entries: number
    first_at: string | null
    last_at: string | null
    checkpoints: number
  }
  retention: Retention
  redaction: Redaction
  holds: number
  exports: number
  erasures: { done: number; open: number; longest_days: number | null }
  changes: { review_required: boolean; published: number; reviewed: number }
  executions: { since: number; failed: number; answered_questions: number }
  /** Those that count now. */
  budgets: { total: number; hard: number }
}
