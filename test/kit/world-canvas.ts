import { canvasApi } from "#core/contract/canvas"
import { flowsApi } from "#core/contract/flows"
import { reviewsApi } from "#core/contract/reviews"
import { call } from "./api.ts"

/** What people leave on a flow's canvas. */
export type CanvasWorld = Record<"named_id" | "thread_id" | "comment_id" | "review_id", string>

export async function newCanvasWorld(token: string, flow_id: string): Promise<CanvasWorld> {
  const params = { flow_id }
  const { named_version } = await call(canvasApi.nameVersion, { token, params, body: { name: "First" } })
  const { thread } = await call(canvasApi.comment, { token, params, body: { text: "Why?" } })
  return {
    named_id: named_version.id,
    thread_id: thread.id,
    comment_id: thread.comments[0]!.id,
    review_id: await newReview(token, flow_id),
  }
}

/** Moves the draft on and asks for a review of it. */
async function newReview(token: string, flow_id: string): Promise<string> {
  const params = { flow_id }
  const { flow } = await call(flowsApi.get, { token, params })
  const { name, description, nodes, edges, input_schema, output_schema } = flow
  const settings = { ...flow.settings, timeout_seconds: 60 }
  await call(flowsApi.update, {
    token,
    params,
    body: { name, description, nodes, edges, input_schema, output_schema, settings },
  })
  const { review } = await call(reviewsApi.request, { token, params, body: { note: "Before it goes out" } })
  return review.id
}

const ulid = "01JD0000000000000000000000"

export const noCanvas: CanvasWorld = {
  named_id: `named_${ulid}`,
  thread_id: `thread_${ulid}`,
  review_id: `review_${ulid}`,
  comment_id: `comment_${ulid}`,
}

/** A whole and right request body for each route of canvases that takes one. */
export const canvasBodies: Record<string, () => unknown> = {
  "POST /flows/:flow_id/named-versions": () => ({ name: "Second" }),
  "POST /flows/:flow_id/comments": () => ({ text: "Is this right?" }),
  "POST /flows/:flow_id/comments/:thread_id": () => ({ text: "It is." }),
  "PATCH /flows/:flow_id/comments/:thread_id": () => ({ resolved: true }),
  "PATCH /flows/:flow_id/comments/:thread_id/:comment_id": () => ({ text: "Is this wrong?" }),
}
