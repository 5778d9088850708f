import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { expect, it } from "vitest"
import { createApp } from "#worker/app"
import { origin } from "#test/kit/api"
import { isLong } from "#test/kit/long"
import { newTenant, testEnv, unique } from "#test/kit/tenants"

/** A time is no matter of `npm test`: there these few only have to be answered alike. */
const pairs = isLong ? 200 : 5

it(
  "[A33] takes as long for an address that is known as for one that is not",
  { timeout: 3_600_000 },
  async () => {
    const { email } = await newTenant()
    const env = { ...testEnv, QUOTAS: JSON.stringify({ login_free_attempts: 1_000_000 }) }
    const app = createApp()
    const taken = async (body: object): Promise<number> => {
      const ctx = createExecutionContext()
      const since = performance.now()
      const response = await app.fetch(
        new Request(`${origin}/api/v1/auth/login`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
        env,
        ctx,
      )
      const ms = performance.now() - since
      expect(response.status).toBe(401)
      // What is done behind the answer must not stand in the way of the next.
      await waitOnExecutionContext(ctx)
      return ms
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let i = 0; i < pairs; i++) {
      const password = `a-wrong-guess-${i}`
      known.push(await taken({ email, password }))
      unknown.push(await taken({ email: `${unique("nobody")}@example.com`, password }))
    }
    const median = (list: number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!
    const ratio = median(known) / median(unknown)
    console.log(JSON.stringify({ timed_logins: 2 * pairs, ratio_per_mille: Math.round(ratio * 1000) }))
    if (isLong) expect(Math.abs(ratio - 1)).toBeLessThan(0.05)
  },
)
