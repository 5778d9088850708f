import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render } from "@testing-library/react"
import type { ReactNode } from "react"
import { stateOfDraft } from "#core/canvas/canvas"
import { CanvasClient } from "#core/canvas/client"
import type { FlowPerson } from "#core/contract/canvas"
import type { FlowDraft } from "#core/contract/flows"
import { validateFlow } from "#core/flow/validate"
import { UserId } from "#core/ids"
import { queryKeys } from "#web/api/query-keys.ts"
import { AtomProvider, createStore } from "#web/state/jotai.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { draftAtom, findingsAtom, liveStateAtom, othersAtom, threadsAtom } from "./atoms.ts"
import { editorCommands, fetchForCommands } from "./commands.ts"
import { EditorProvider } from "./editor-context.ts"
import { LiveDraft } from "./live/live-draft.ts"
import { Places } from "./live/places.ts"
import { peopleQuery } from "./panel/queries.ts"
import { follow, show } from "./use-editor-store.ts"

// What a person has when the page has been open for a moment.
await fetchForCommands()

const flowId = "flow_01JD0000000000000000000000"
const personOf = (number: number, name: string): FlowPerson => ({
  id: UserId.parse(`user_01JD000000000000000000000${number}`),
  name,
  is_active: true,
})

/** The people of the tenant; the first of them sits before the editor. */
export const people = [personOf(1, "Ana"), personOf(2, "Ben Lima")] as const
const me = {
  user: { id: people[0].id, email: "ana@example.com", name: "Ana", preferences: {}, created_at: "" },
  capabilities: ["flow.read", "flow.edit", "execution.start"],
}

/** Parts of the editor around a flow, without a server: the document is here and its line is not; findings follow each change at once. */
export function openEditor(flow: FlowDraft, part: ReactNode = null, mayEdit = true) {
  const store = createStore()
  store.set(draftAtom, flow)
  const validate = () => store.set(findingsAtom, validateFlow(store.get(draftAtom)))
  validate()
  store.sub(draftAtom, validate)
  const client = new CanvasClient()
  const state = stateOfDraft(flow)
  client.reset(
    state,
    state.nodes.map(({ id }) => id),
    0,
    0,
  )
  const live: LiveDraft = new LiveDraft(
    flow,
    0,
    {
      keeper: () => Promise.reject(new Error("nothing is kept here")),
      open: () => Promise.reject(new Error("there is no server here")),
      whyNot: () => Promise.resolve(undefined),
      onShown: (shown) => show(store, shown),
      onRenamed: (names, show) => follow(store, live, names, show),
      onState: (state) => store.set(liveStateAtom, state),
      onOthers: (others) => store.set(othersAtom, others),
      onThreads: (threads) => store.set(threadsAtom, threads),
      onPresence: () => undefined,
      onRefused: () => undefined,
      now: () => performance.now(),
      whenDrawn: (act) => act(),
    },
    client,
  )
  const places = new Places()
  const commands = editorCommands(store, live)
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, me)
  queries.setQueryData(peopleQuery(flowId).queryKey, [...people])
  const view = render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <AtomProvider store={store}>
          <EditorProvider
            value={{
              flowId,
              commands,
              live,
              places,
              mayEdit,
              mayStart: true,
            }}
          >
            {part}
          </EditorProvider>
        </AtomProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { queries, store, live, places, commands, view, draft: () => store.get(draftAtom) }
}
