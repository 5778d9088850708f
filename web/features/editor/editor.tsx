import { ReactFlowProvider } from "@xyflow/react"
import { Plus, Settings2, X } from "lucide-react"
import { useMemo, useState, type ReactNode } from "react"
import { useCan } from "#web/api/me.ts"
import { useAtom, useAtomValue, useStore, AtomProvider } from "#web/state/jotai.ts"
import { holdersIn, wholeView } from "#web/flow/scope-path.ts"
import { LiveProvider, ScopeProvider, useLiveExecution } from "#web/flow/use-execution.ts"
import type { Flow } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useWide } from "#web/ui/use-media.ts"
import {
  chosenScopeAtom,
  nameAtom,
  nodesAtom,
  selectionAtom,
  sideAtom,
  structureAtom,
  watchedIdAtom,
} from "./atoms.ts"
import { BottomBar } from "./bar/bottom-bar.tsx"
import { ConflictDialog } from "./bar/conflict-dialog.tsx"
import { Canvas } from "./canvas/canvas.tsx"
import { useEditorClipboard } from "./canvas/use-editor-clipboard.ts"
import { useEditorKeys } from "./canvas/use-editor-keys.ts"
import { EditorProvider, useEditor, type Editor as EditorValue } from "./editor-context.ts"
import { LeaveGuard } from "./leave-guard.tsx"
import { Palette, SidePalette } from "./palette.tsx"
import { SidePanel } from "./panel/side-panel.tsx"
import { ShortcutsSheet } from "./shortcuts-sheet.tsx"
import { useEditorStore } from "./use-editor-store.ts"
import { useServerFindings } from "./use-server-findings.ts"
import { useValidation } from "./use-validation.ts"
import { useViewInUrl } from "./use-view-in-url.ts"

type EditorProps = {
  flow: Flow
  /** What the server found wrong with it. */
  findings: readonly Finding[]
  opening: { node: string | undefined; execution: string | undefined }
}

/** One open flow. */
export function Editor({ flow, findings, opening }: EditorProps) {
  const { store, autosave, commands } = useEditorStore(flow, findings, opening)
  const mayEdit = useCan("flow.edit")
  const mayStart = useCan("execution.start")
  const editor = useMemo<EditorValue>(
    () => ({ flowId: flow.id, commands, autosave, mayEdit, mayStart }),
    [flow.id, commands, autosave, mayEdit, mayStart],
  )
  return (
    <AtomProvider store={store}>
      <EditorProvider value={editor}>
        <ReactFlowProvider>
          <Watching>
            <Frame />
          </Watching>
        </ReactFlowProvider>
      </EditorProvider>
    </AtomProvider>
  )
}

function Watching({ children }: { children: ReactNode }) {
  const live = useLiveExecution(useAtomValue(watchedIdAtom))
  const store = useStore()
  const chosen = useAtomValue(chosenScopeAtom)
  const structure = useAtomValue(structureAtom)
  const holders = useMemo(
    () => (structure === "" ? wholeView.holders : holdersIn(store.get(nodesAtom))),
    [structure, store],
  )
  const view = useMemo(() => ({ base: "", chosen, holders }), [chosen, holders])
  return (
    <LiveProvider value={live}>
      <ScopeProvider value={view}>{children}</ScopeProvider>
    </LiveProvider>
  )
}

function Frame() {
  const { autosave, mayEdit } = useEditor()
  const name = useAtomValue(nameAtom)
  const wide = useWide()
  useEditorKeys()
  useEditorClipboard()
  useValidation()
  useServerFindings()
  useViewInUrl()
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader crumbs={[{ label: "Flows", to: "/flows" }, { label: name.trim() || "Untitled flow" }]} />
      <div className="relative flex min-h-0 flex-1">
        {wide && mayEdit && <SidePalette />}
        <Canvas />
        {wide ? (
          <aside aria-label="Properties" className="flex w-[340px] shrink-0 flex-col border-l bg-surface">
            <h2 className="sr-only">Properties</h2>
            <SidePanel />
          </aside>
        ) : (
          <NarrowPanels />
        )}
      </div>
      <BottomBar />
      <ConflictDialog />
      <ShortcutsSheet />
      <LeaveGuard autosave={autosave} />
    </div>
  )
}

/** Where there is no room for three columns: the palette in a dialog, the panel over the canvas while something is selected. */
function NarrowPanels() {
  const { commands, mayEdit } = useEditor()
  const [side, setSide] = useAtom(sideAtom)
  const { nodes, edges } = useAtomValue(selectionAtom)
  const [adding, setAdding] = useState(false)
  const [settings, setSettings] = useState(false)
  const isOpen = settings || side !== "panel" || nodes.size + edges.size > 0
  const close = () => {
    setSettings(false)
    setSide("panel")
    commands.clearSelection()
  }
  return (
    <>
      <div className="absolute top-3 right-3 z-10 flex flex-col gap-1 rounded-md bg-raised p-0.5 shadow-float">
        {mayEdit && (
          <IconButton label="Add a node" tooltip={false} onClick={() => setAdding(true)}>
            <Plus />
          </IconButton>
        )}
        <IconButton label="Flow settings" tooltip={false} onClick={() => setSettings(true)}>
          <Settings2 />
        </IconButton>
      </div>
      <Dialog open={adding} onOpenChange={setAdding} title="Add a node" size="sm" className="flex p-0 pb-3">
        <Palette onAdded={() => setAdding(false)} />
      </Dialog>
      {isOpen && (
        <aside
          aria-label="Properties"
          data-over-canvas
          className="absolute z-20 flex flex-col bg-surface shadow-float max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[70%] max-md:animate-sheet-in max-md:rounded-t-lg md:inset-y-0 md:right-0 md:w-[340px]"
        >
          {side === "panel" && (
            <div className="flex h-10 shrink-0 items-center justify-between border-b pr-2 pl-3">
              <h2 className="text-sm text-muted">Properties</h2>
              <IconButton label="Close properties" size="sm" tooltip={false} onClick={close}>
                <X />
              </IconButton>
            </div>
          )}
          <SidePanel />
        </aside>
      )}
    </>
  )
}
