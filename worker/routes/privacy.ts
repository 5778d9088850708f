import { privacyApi } from "#core/contract/privacy"
import { answer, routes } from "#worker/http/answer"
import { askErasure, confirmErasure, listErasures } from "#worker/services/privacy/erase"
import { exportPerson } from "#worker/services/privacy/export"
import { liftHold, listHolds, placeHold } from "#worker/services/privacy/holds"
import { listPeople } from "#worker/services/privacy/people"
import { previewRedaction } from "#worker/services/privacy/preview"
import { privacySettings, updatePrivacy } from "#worker/services/privacy/settings"

const asFile = (name: string) => ({ "content-disposition": `attachment; filename="${name}"` })
const nameOf = (now: number): string => `personal-data-${new Date(now).toISOString().slice(0, 10)}.zip`

export const privacyRoutes = routes(
  answer(privacyApi.get, ({ ctx }) => privacySettings(ctx)),
  answer(privacyApi.update, ({ ctx, env, body }) => updatePrivacy(env, ctx, body)),
  answer(privacyApi.preview, ({ body }) => Promise.resolve(previewRedaction(body))),
  answer(privacyApi.people, ({ ctx }) => listPeople(ctx)),
  answer(privacyApi.export, async ({ ctx, env, body }) => {
    const archive = await exportPerson(env, ctx, body.user_id)
    return new Response(archive, {
      headers: { "content-type": "application/zip", "cache-control": "no-store", ...asFile(nameOf(ctx.now)) },
    })
  }),
  answer(privacyApi.erasures, ({ ctx }) => listErasures(ctx)),
  answer(privacyApi.ask, ({ ctx, body }) => askErasure(ctx, body)),
  answer(privacyApi.confirm, ({ ctx, env, params, body }) =>
    confirmErasure(env, ctx, params.erasure_id, body),
  ),
  answer(privacyApi.holds, ({ ctx }) => listHolds(ctx)),
  answer(privacyApi.hold, ({ ctx, body }) => placeHold(ctx, body)),
  answer(privacyApi.lift, ({ ctx, params }) => liftHold(ctx, params.hold_id)),
)
