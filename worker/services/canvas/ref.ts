import type { FlowId } from "#core/ids"
import type { FlowRef } from "#durable/canvas/ports"
import type { Ctx } from "#worker/context"

/** A flow as its canvas is told of it. */
export const refOf = ({ tenant: { id, slot } }: Pick<Ctx, "tenant">, flow: FlowId): FlowRef => ({
  tenant: { id, slot },
  flow,
})
