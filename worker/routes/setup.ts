import type { Context } from "hono"
import * as z from "zod"
import { Failure } from "#core/errors"
import { UserId } from "#core/ids"
import { sameSecret } from "#worker/digest"
import { settingsOf } from "#worker/env"
import { readBody } from "#worker/http/body"
import type { AppEnv } from "#worker/http/mount"
import { parse } from "#worker/http/parse"
import { prepareInstallation } from "#worker/services/system/setup"
import { randomBytes } from "#worker/context"

const Setup = z.strictObject({
  seed: z.boolean().default(true),
  demo_password: z.string().min(12).max(256),
  reset_password: z.boolean().default(false),
  platform_admin: UserId.optional(),
})

/** The installer's door: it exists only where a setup token does, and opens only to it. */
export async function setup(c: Context<AppEnv>): Promise<Response> {
  const settings = settingsOf(c.env)
  const given = c.req.header("x-setup-token")
  if (!settings.SETUP_TOKEN || given === undefined || !sameSecret(given, settings.SETUP_TOKEN)) {
    throw new Failure("route.not_found")
  }
  const body = parse(Setup, (await readBody(c.req.raw))?.value)
  const ctx = { requestId: c.get("requestId"), now: Date.now(), chance: randomBytes }
  return c.json(await prepareInstallation(c.env, settings, ctx, body), 200, { "cache-control": "no-store" })
}
