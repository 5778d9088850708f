import { builderApi } from "#core/contract/flow-builder"
import { Failure } from "#core/errors"
import { answer, routes } from "#worker/http/answer"
import { failureOf, problemResponse } from "#worker/http/failure"
import { settleCanvas } from "#worker/services/canvas/settle"
import { noStore, telling } from "#worker/http/telling"
import { proposeChanges } from "#worker/services/builder/propose"
import { wantsStream } from "./started.ts"

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`

export const builderRoutes = routes(
  answer(builderApi.propose, async ({ ctx, env, params, body, request }) => {
    // The canvas is the original: what people have drawn a moment ago is part of what is changed.
    await settleCanvas(env, ctx, params.flow_id)
    const gone = new AbortController()
    const signal = AbortSignal.any([gone.signal, request.signal])
    const told = proposeChanges(env, ctx, params.flow_id, body, signal)
    if (wantsStream(request.headers)) {
      // What fails before the model is asked is said by the status.
      const first = Promise.resolve(await told.next())
      return telling({
        told,
        first,
        say: (one) => event(one.type, JSON.stringify(one.type === "progress" ? one.progress : one.proposal)),
        isLast: ({ type }) => type === "proposal",
        broken: async (error) =>
          event("error", await problemResponse(failureOf(error, ctx.requestId), ctx.requestId).text()),
        leave: () => gone.abort(),
      })
    }
    for await (const one of told)
      if (one.type === "proposal") return Response.json(one.proposal, { headers: noStore })
    throw new Failure("internal")
  }),
)
