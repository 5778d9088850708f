import type { FeatureSwitch } from "#core/contract/admin"
import { Failure } from "#core/errors"
import { featureNames, features, type FeatureName } from "#core/features"
import { audit } from "#worker/audit/record"
import { BoundedCache } from "#worker/cache"
import { isoTime, type BaseCtx, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as switches from "#worker/db/feature-switches"
import { platformAdmin } from "./platform.ts"

const lifeMs = 5_000

type Off = ReadonlySet<FeatureName>
const known = new BoundedCache<"off", Off>(1)

/** Every feature that can be switched, with how it stands. */
export async function listSwitches(ctx: Ctx): Promise<{ switches: FeatureSwitch[] }> {
  platformAdmin(ctx)
  const rows = await switches.all(await ctx.control())
  return {
    switches: featureNames.map((name) => {
      const row = rows.find((one) => one.name === name)
      return {
        name,
        description: features[name],
        is_on: row?.is_on ?? true,
        updated_at: row?.updated_at ?? null,
        updated_by: row?.updated_by ?? null,
      }
    }),
  }
}

export async function setSwitch(
  ctx: Ctx,
  name: FeatureName,
  is_on: boolean,
): Promise<{ switches: FeatureSwitch[] }> {
  const by = platformAdmin(ctx)
  const control = await ctx.control()
  await commit(
    { db: control },
    undefined,
    switches.set(control, name, { is_on, updated_by: by, updated_at: isoTime(ctx.now) }),
    audit(ctx, "feature.switch", { target: name, after: { is_on } }),
  )
  known.delete("off")
  return listSwitches(ctx)
}

/** Refuses what the operator has switched off; an isolate asks at most every 5 s. */
export async function assertOn(ctx: Pick<BaseCtx, "now" | "control">, name: FeatureName): Promise<void> {
  let off = known.get("off", ctx.now)
  if (!off) {
    const rows = await switches.all(await ctx.control())
    off = new Set(rows.filter(({ is_on }) => !is_on).map((row) => row.name))
    known.set("off", off, ctx.now + lifeMs)
  }
  if (off.has(name)) throw new Failure("feature.off")
}
