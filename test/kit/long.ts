import { env } from "cloudflare:workers"

/** Whether this is the long form, `npm run security`. */
export const isLong = (env as unknown as { SECURITY?: string }).SECURITY === "long"
