import { useQueryClient } from "@tanstack/react-query"
import type { executionsApi } from "#core/contract/executions"
import type { BodyOf } from "#core/contract/endpoint"
import { isValid } from "#core/flow/finding"
import type { JsonObject } from "#core/json"
import { nestingOf } from "#web/flow/nesting.ts"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { keepInputs, lastInputs } from "#web/state/last-inputs.ts"
import { later } from "#web/ui/later.tsx"
import { toast } from "#web/ui/toast.tsx"
import {
  chosenScopeAtom,
  draftAtom,
  findingsAtom,
  nodesAtom,
  panelTabAtom,
  pinsAtom,
  sideAtom,
  startUntilAtom,
  watchedIdAtom,
} from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

type Config = BodyOf<typeof executionsApi.execute>["config"]
/** The contract of executions: nothing is started before the canvas is drawn. */
const starting = later(() => import("./queries.ts"))
export const fetchStarting = starting.fetch

/** Which part of the flow is executed, and whose results stand in for the rest. */
export type RunPart = Pick<Config, "start_from" | "stop_after" | "data_from">

/** Starts the draft as it stands, or a part of it, with what is pinned, and watches it. */
export function useRun(): (inputs: JsonObject, part?: RunPart) => Promise<void> {
  const { flowId, live, mayEdit } = useEditor()
  const store = useStore()
  return async (inputs, part = {}) => {
    // What is executed is what the server has, so the draft goes first.
    if (mayEdit && !(await live.flush()))
      throw new Error("The draft could not be saved, so it cannot be executed yet.")
    const nesting = nestingOf(store.get(draftAtom).nodes)
    // What is pinned inside of a map or loop is meant for all of its iterations.
    const placeOf = (id: string) =>
      [id, ...nesting.holders(id).map((holder) => holder.id)].toReversed().join("/")
    const pinned = Object.fromEntries(
      Object.entries(store.get(pinsAtom)).flatMap(([id, value]) =>
        nesting.node(id) ? [[placeOf(id), value]] : [],
      ),
    )
    const config: Config = mayEdit
      ? { version: "draft", ...(Object.keys(pinned).length > 0 ? { pinned } : {}), ...part }
      : {}
    const { startExecution } = await starting.fetch()
    const { execution_id } = await startExecution(flowId, { inputs, config })
    keepInputs(flowId, inputs)
    store.set(chosenScopeAtom, "")
    store.set(watchedIdAtom, execution_id)
    store.set(panelTabAtom, "result")
    store.set(sideAtom, "panel")
  }
}

/** Executing a part of the draft at one node. */
export function usePartRun() {
  const { flowId } = useEditor()
  const store = useStore()
  const queries = useQueryClient()
  const run = useRun()

  const start = async (part: RunPart) => {
    if (!isValid(store.get(findingsAtom))) {
      toast.failed("", "Mend the errors of the flow first")
      return
    }
    try {
      const { latestExecutionQuery } = await starting.fetch()
      const watched = store.get(watchedIdAtom)
      const data_from = (watched ?? (await queries.fetchQuery(latestExecutionQuery(flowId)))) as
        | RunPart["data_from"]
        | null
      await run(lastInputs(flowId), { ...part, ...(data_from === null ? {} : { data_from }) })
    } catch (error) {
      toast.failed(error, "Nothing was started")
    }
  }
  return {
    /** The node alone, with what its predecessors gave the last time. */
    only: (id: string) => start({ start_from: id, stop_after: id }),
    /** The node and all that follows. */
    from: (id: string) => start({ start_from: id }),
    /** From the beginning, and no further than the node: asks for the inputs. */
    until: (id: string) => {
      store.set(startUntilAtom, id)
      store.set(sideAtom, "start")
    },
  }
}

/** Whether a node can be executed by itself: a map's inside is executed with the map. */
export function useStandsAlone(id: string): boolean {
  return nestingOf(useAtomValue(nodesAtom)).holder(id) === undefined
}
