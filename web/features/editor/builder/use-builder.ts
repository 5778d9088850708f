import { useCallback } from "react"
import { closureOf, groundOf } from "#core/builder/needs"
import { builderApi, mostTurns, Progress, Proposal } from "#core/contract/flow-builder"
import type { BodyIn } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { failureOf } from "#web/api/failure.ts"
import { stream } from "#web/api/stream.ts"
import { useStore } from "#web/state/jotai.ts"
import { toast } from "#web/ui/toast.tsx"
import { draftAtom, selectionAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { builderAskingAtom, builderModelAtom, builderTurnsAtom, type BuilderTurn } from "./atoms.ts"
import { reviewOf } from "./review.ts"

type Wish = BodyIn<typeof builderApi.propose>

/** What was said before, as the server takes it. Only what could be read can be told again. */
function historyOf(turns: readonly BuilderTurn[]): Wish["history"] {
  return turns.slice(-mostTurns).flatMap((turn) => {
    if (turn.is !== "decided") return []
    const { message, proposal, accepted } = turn
    const readable = proposal.operations.flatMap(({ operation }, i) => (operation ? [{ operation, i }] : []))
    return [
      {
        message,
        reply: proposal.reply,
        operations: readable.map(({ operation }) => operation),
        accepted: readable.flatMap(({ i }, at) => (accepted.includes(i) ? [at] : [])),
      },
    ]
  })
}

/** Asking for changes, and what a person makes of them. */
export function useBuilder() {
  const { commands } = useEditor()
  const store = useStore()

  const change = useCallback(
    (id: number, to: (turn: BuilderTurn) => BuilderTurn) =>
      store.set(builderTurnsAtom, (turns) => turns.map((turn) => (turn.id === id ? to(turn) : turn))),
    [store],
  )

  const ask = useAsk(change)
  const stop = useCallback(() => store.get(builderAskingAtom)?.abort(), [store])

  /** Takes a change into what is accepted, with what it needs; or leaves it out, with what builds on it. */
  const toggle = useCallback(
    (id: number, i: number, isWanted: boolean) =>
      change(id, (turn) => {
        if (turn.is !== "proposed") return turn
        const needs = turn.proposal.items.map((item) => item.needs)
        const refused = new Set(turn.refused)
        for (const one of isWanted ? groundOf([i], needs) : closureOf([i], needs))
          if (isWanted) refused.delete(one)
          else refused.add(one)
        return { ...turn, refused }
      }),
    [change],
  )

  const refuse = useCallback((id: number) => change(id, (turn) => decided(turn, [])), [change])

  /** Makes what is included part of the flow, as one step. */
  const accept = useCallback(
    (id: number) => {
      const turn = store.get(builderTurnsAtom).find((one) => one.id === id)
      if (turn?.is !== "proposed") return
      const { after, included } = reviewOf(
        store.get(draftAtom),
        turn.proposal.operations,
        turn.refused,
        turn.known,
      )
      if (included.length === 0) return
      commands.replace(after)
      change(id, (one) => decided(one, included))
      const count = included.length === 1 ? "One change" : `${included.length} changes`
      toast.done(`${count} made`, { onClick: commands.undo })
    },
    [store, commands, change],
  )
  return { ask, stop, toggle, accept, refuse }
}

type ChangeTurn = (id: number, to: (turn: BuilderTurn) => BuilderTurn) => void

function useAsk(change: ChangeTurn): (message: string) => void {
  const { flowId, live } = useEditor()
  const store = useStore()
  const ask = useCallback(
    async (message: string) => {
      // A proposal that is talked on about is not accepted as it stood.
      store.set(builderTurnsAtom, (turns) => turns.map((turn) => decided(turn, [])))
      const before = store.get(builderTurnsAtom)
      const known = new Set(store.get(draftAtom).nodes.map(({ id }) => id))
      const turn: BuilderTurn = {
        id: (before.at(-1)?.id ?? 0) + 1,
        message,
        known,
        is: "under_way",
        progress: null,
      }
      store.set(builderTurnsAtom, [...before, turn])
      const controller = new AbortController()
      store.set(builderAskingAtom, controller)
      const base = { id: turn.id, message, known }
      try {
        // The model is shown what the server has.
        await live.flush()
        const body: Wish = {
          message,
          selection: [...store.get(selectionAtom).nodes].slice(0, 200),
          history: historyOf(before),
          ...chosen(store.get(builderModelAtom)),
        }
        const proposal = await proposed(flowId, body, controller.signal, (progress) =>
          change(turn.id, () => ({ ...base, is: "under_way", progress })),
        )
        change(turn.id, () =>
          proposal.operations.length > 0
            ? { ...base, is: "proposed", proposal, refused: new Set() }
            : { ...base, is: "decided", proposal, accepted: [] },
        )
      } catch (error) {
        change(turn.id, () =>
          controller.signal.aborted ? { ...base, is: "stopped" } : { ...base, is: "failed", error },
        )
      }
    },
    [store, live, flowId, change],
  )

  return useCallback((message) => void ask(message), [ask])
}

const decided = (turn: BuilderTurn, accepted: readonly number[]): BuilderTurn => {
  if (turn.is !== "proposed") return turn
  const { id, message, known, proposal } = turn
  return { id, message, known, is: "decided", proposal, accepted }
}

function chosen({
  model,
  llm_provider_id,
}: {
  model?: string | undefined
  llm_provider_id?: string | undefined
}) {
  return { ...(model ? { model } : {}), ...(llm_provider_id ? { llm_provider_id } : {}) }
}

async function proposed(
  flow_id: string,
  body: Wish,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Proposal> {
  for await (const { event, data } of stream(builderApi.propose, {
    params: { flow_id },
    body,
    signal,
  })) {
    const said: unknown = JSON.parse(data)
    if (event === "progress") onProgress(Progress.parse(said))
    else if (event === "proposal") return Proposal.parse(said)
    else if (event === "error") throw await failureOf(new Response(data, { status: 502 }))
  }
  throw new Failure("builder.model_failed", { detail: "The answer broke off. Try again." })
}
