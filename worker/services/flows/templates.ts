import type { flowsApi } from "#core/contract/flows"
import type { ReplyOf } from "#core/contract/endpoint"
import { templates } from "#core/flow/templates"
import { allow, type Ctx } from "#worker/context"

/** Example flows to begin with; they need no vendor. */
export function listTemplates(ctx: Ctx): ReplyOf<typeof flowsApi.templates> {
  allow(ctx.actor, "flow.read")
  return { templates: [...templates] }
}
