import type { Settings } from "#worker/env"

/** The secrets that signing in needs. */
export type AuthSettings = Pick<Settings, "SIGNING_KEY" | "PEPPER" | "SECRETS_KEK" | "QUOTAS">
