import { engineVersion, type NewEvent } from "#core/execution/event"
import type { StartRequest } from "./messages.ts"

/** The first event of a journal: everything that decides what the execution does. */
export function queuedEvent(request: StartRequest): NewEvent {
  const { flow, definition, actor, inputs, timeout_ms } = request
  const { retry_of, fork_of, replay_of, stop_after, concurrency_key, origin, depth, followed, pinned } =
    request
  const more = {
    pinned,
    retry_of,
    fork_of,
    replay_of,
    stop_after,
    concurrency_key,
    origin,
    depth,
    followed: followed || undefined,
  }
  return {
    type: "execution.queued",
    data: {
      flow_id: flow.id,
      flow_name: flow.name,
      flow_version: flow.version,
      definition,
      engine_version: engineVersion,
      actor,
      inputs,
      timeout_ms,
      ...(Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as Partial<
        typeof more
      >),
    },
  }
}
