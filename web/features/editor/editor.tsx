import { useQueryClient } from "@tanstack/react-query"
import { ReactFlowProvider } from "@xyflow/react"
import { Plus, Search, Settings2, X } from "lucide-react"
import { useEffect, useMemo, useRef, useState } from "react"
import { meQuery, useCan } from "#web/api/me.ts"
import { useAtom, useAtomValue, AtomProvider } from "#web/state/jotai.ts"
import type { ShareLevel } from "#core/access/level"
import type { Flow } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { ShareButton } from "#web/shares/share-button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { usePhone, useWide } from "#web/ui/use-media.ts"
import { editingAtom, isWritableAtom, nameAtom, selectionAtom, sideAtom } from "./atoms.ts"
import { HereNow } from "./bar/here-now.tsx"
import { BottomBar } from "./bar/bottom-bar.tsx"
import { BuilderLayer } from "./builder/builder-layer.tsx"
import { Canvas } from "./canvas/canvas.tsx"
import { NodeBar } from "./canvas/node-bar.tsx"
import { useEditorClipboard } from "./canvas/use-editor-clipboard.ts"
import { useEditorKeys } from "./canvas/use-editor-keys.ts"
import { CommentsButton } from "./comments/comments-button.tsx"
import { EditorProvider, useEditor, type Editor as EditorValue } from "./editor-context.ts"
import { usePageCommands } from "./keys/use-page-commands.ts"
import { LeaveGuard } from "./leave-guard.tsx"
import { Palette, SidePalette } from "./palette.tsx"
import { SidePanel } from "./panel/side-panel.tsx"
import { ShortcutsSheet } from "./shortcuts-sheet.tsx"
import { useEditorStore } from "./use-editor-store.ts"
import { useRest } from "./use-rest.ts"
import { useServerFindings } from "./use-server-findings.ts"
import { useValidation } from "./use-validation.ts"
import { useViewInUrl } from "./use-view-in-url.ts"
import { Watching } from "./watching.tsx"

type EditorProps = {
  flow: Flow
  /** What the server found wrong with it. */
  findings: readonly Finding[]
  /** How far it is shared with whoever opens it; the canvas says when that changes. */
  reach: ShareLevel
  opening: { node: string | undefined; execution: string | undefined }
}

/** One open flow. */
export function Editor({ flow, findings, reach, opening }: EditorProps) {
  const { store, live, places, commands } = useEditorStore(flow, findings, opening)
  const isWritable = useAtomValue(isWritableAtom, { store })
  const mayEdit = useCan("flow.edit") && isWritable && reach === "edit"
  const mayStart = useCan("execution.start") && reach !== "view"
  useRightsAnew(isWritable)
  const editor = useMemo<EditorValue>(
    () => ({ flowId: flow.id, commands, live, places, mayEdit, mayStart }),
    [flow.id, commands, live, places, mayEdit, mayStart],
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

/** Where the canvas takes the pen away, or gives it back, the person's rights or the workspace have changed: the page says how. */
function useRightsAnew(isWritable: boolean): void {
  const queries = useQueryClient()
  const was = useRef(isWritable)
  useEffect(() => {
    if (was.current === isWritable) return
    was.current = isWritable
    void queries.invalidateQueries({ queryKey: meQuery.queryKey })
  }, [queries, isWritable])
}

function Frame() {
  const { flowId, live, mayEdit } = useEditor()
  const name = useAtomValue(nameAtom)
  const wide = useWide()
  useEditorKeys()
  usePageCommands()
  useEditorClipboard()
  useValidation()
  useServerFindings()
  useViewInUrl()
  useRest()
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader
        crumbs={[{ label: "Flows", to: "/flows" }, { label: name.trim() || "Untitled flow" }]}
        actions={
          <>
            <CommentsButton />
            <HereNow />
            {mayEdit && (
              <ShareButton what={{ is: "flow", id: flowId }} name={name.trim() || "Untitled flow"} />
            )}
          </>
        }
      />
      <div className="relative flex min-h-0 flex-1">
        {wide && mayEdit && <SidePalette />}
        <BuilderLayer>
          <Canvas />
        </BuilderLayer>
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
      <ShortcutsSheet />
      <LeaveGuard live={live} />
    </div>
  )
}

/** Where there is no room for three columns: the palette in a dialog, the panel over the canvas while something is selected. */
function NarrowPanels() {
  const { commands, mayEdit } = useEditor()
  const phone = usePhone()
  const [side, setSide] = useAtom(sideAtom)
  const [editing, setEditing] = useAtom(editingAtom)
  const { nodes, edges } = useAtomValue(selectionAtom)
  const [adding, setAdding] = useState(false)
  const [settings, setSettings] = useState(false)
  const isChosen = nodes.size + edges.size > 0
  // On a phone the panel would lie over what was touched: it waits to be asked for.
  const isOpen = settings || side !== "panel" || (isChosen && (!phone || editing))
  const close = () => {
    setSettings(false)
    setSide("panel")
    setEditing(false)
    if (!phone) commands.clearSelection()
  }
  return (
    <>
      <div className="absolute top-3 right-3 z-10 flex flex-col gap-1 rounded-md bg-raised p-0.5 shadow-float">
        {mayEdit && (
          <IconButton label="Add a node" tooltip={false} onClick={() => setAdding(true)}>
            <Plus />
          </IconButton>
        )}
        <IconButton label="Find and replace" tooltip={false} onClick={() => setSide("find")}>
          <Search />
        </IconButton>
        <IconButton
          label="Flow settings"
          tooltip={false}
          onClick={() => {
            commands.clearSelection()
            setSettings(true)
          }}
        >
          <Settings2 />
        </IconButton>
      </div>
      {phone && !isOpen && <NodeBar onAdd={() => setAdding(true)} />}
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
            <div className="flex h-10 shrink-0 items-center justify-between border-b pr-2 pl-3 pointer-coarse:h-12">
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
