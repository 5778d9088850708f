import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render } from "@testing-library/react"
import type { ReactNode } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { validateFlow } from "#core/flow/validate"
import { AtomProvider, createStore } from "#web/state/jotai.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { draftAtom, findingsAtom, historyAtom } from "./atoms.ts"
import { editorCommands } from "./commands.ts"
import { EditorProvider } from "./editor-context.ts"
import { Autosave } from "./model/autosave.ts"
import { begin } from "./model/history.ts"

/** Parts of the editor around a flow, without a server: saves succeed, findings follow each change at once. */
export function openEditor(flow: FlowDraft, part: ReactNode = null, mayEdit = true) {
  const store = createStore()
  store.set(historyAtom, begin(flow))
  const validate = () => store.set(findingsAtom, validateFlow(store.get(draftAtom)))
  validate()
  store.sub(draftAtom, validate)
  const autosave = new Autosave(flow, 1, 0, {
    save: async (_draft, version) => version + 1,
    judge: () => "refused",
    onState: () => undefined,
    now: () => 0,
  })
  const commands = editorCommands(store)
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const view = render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <AtomProvider store={store}>
          <EditorProvider
            value={{ flowId: "flow_01JD0000000000000000000000", commands, autosave, mayEdit, mayStart: true }}
          >
            {part}
          </EditorProvider>
        </AtomProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { store, autosave, commands, view, draft: () => store.get(draftAtom) }
}
