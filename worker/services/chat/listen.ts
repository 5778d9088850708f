import { Failure } from "#core/errors"
import type { ExecutionEvent } from "#core/execution/event"
import { isSettled } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import type { AuthorId, TenantRef } from "#durable/chat/ports"
import type { Env } from "#worker/env"
import { ask, executionStub } from "#worker/stubs"

const ends: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "execution.succeeded",
  "execution.failed",
  "execution.cancelled",
  "execution.timed_out",
])

/** An execution's journal after an event, page by page as it grows. */
export async function* eventsOf(
  env: Env,
  tenant: TenantRef,
  id: ExecutionId,
  after: number,
): AsyncGenerator<readonly ExecutionEvent[], void> {
  const lane = executionStub(env, tenant.id, id)
  const response = await lane.fetch(new Request(`https://execution/${id}?after=${after}`))
  if (response.status === 404) throw new Failure("execution.not_found")
  let last = after
  for await (const page of pagesOf(response)) {
    yield page
    last = page.at(-1)!.seq
    if (page.some(({ type }) => ends.has(type))) return
  }
  // One that could not be written down any more has ended by its row alone.
  const { execution } = await ask(executionStub(env, tenant.id, id).get(id))
  if (!isSettled(execution.status)) return
  const error = execution.error ?? { code: "engine.fault", message: "The execution was given up." }
  const at = execution.finished_at ?? execution.created_at
  yield [{ seq: last + 1, at, type: "execution.failed", data: { error } }]
}

/** What server-sent events hold, as they come. */
async function* pagesOf({ body }: Response): AsyncGenerator<ExecutionEvent[], void> {
  if (!body) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += value
      const end = rest.lastIndexOf("\n\n")
      if (end < 0) continue
      const page = rest
        .slice(0, end)
        .split("\n\n")
        .flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? [])
        .map((data) => JSON.parse(data) as ExecutionEvent)
      rest = rest.slice(end + 2)
      if (page.length > 0) yield page
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Asks for an execution's end; one that has ended stays as it is. */
export async function cancelAnswer(
  env: Env,
  tenant: TenantRef,
  id: ExecutionId,
  actor: AuthorId,
): Promise<void> {
  const cancelled = await executionStub(env, tenant.id, id).cancel(id, actor)
  if (!cancelled.ok && cancelled.code !== "execution.settled" && cancelled.code !== "execution.not_found")
    throw new Failure(cancelled.code, cancelled.more)
}
