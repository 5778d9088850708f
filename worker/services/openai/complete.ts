import { allow, type Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { askModel } from "./ask-model.ts"
import { askPartner } from "./ask-partner.ts"
import { wantedModel } from "./models.ts"
import type { Said } from "./reply.ts"
import type { CompletionRequest } from "./request.ts"

/** Answers a request in OpenAI's words, by a model or by whoever it names. */
export async function* complete(
  env: Env,
  ctx: Ctx,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<Said, void> {
  allow(ctx.actor, "execution.start")
  const wanted = await wantedModel(ctx, request.model)
  if (wanted.is === "model") yield* askModel(env, ctx, request, signal)
  else yield* askPartner(env, ctx, wanted, request, signal)
}
