import * as z from "zod"
import { newPassword } from "./keys.ts"
import { Refusal } from "./progress.ts"

const Reply = z.object({ seeded: z.boolean(), user: z.string(), password_set: z.boolean() })

export interface Prepared {
  /** Whether there is a demo tenant. */
  demo: boolean
  user: string
  /** The new one-time password, when this call set one. */
  password: string | undefined
}

/** Migrates the databases and seeds the demo tenant, through the Worker that owns both. */
export async function prepare(
  address: string,
  token: string,
  options: { seed: boolean; resetPassword: boolean },
): Promise<Prepared> {
  const password = newPassword()
  const response = await fetch(`${address}/internal/setup`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-setup-token": token },
    body: JSON.stringify({
      seed: options.seed,
      demo_password: password,
      reset_password: options.resetPassword,
    }),
    signal: AbortSignal.timeout(120_000),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Refusal(`The Worker could not prepare its databases (${response.status}): ${text}`)
  const reply = Reply.parse(JSON.parse(text))
  return { demo: reply.seeded, user: reply.user, password: reply.password_set ? password : undefined }
}
