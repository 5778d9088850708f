import type { Runner } from "#worker/tools/sandbox/client"
import { audience, secret } from "./client.ts"

/** A runner as the Worker reaches it. */
export const toRunner = (address: string): Runner => ({
  aud: audience,
  secret,
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  fetch: (path, init) => fetch(new URL(path, address), init),
})
