import { useReactFlow } from "@xyflow/react"
import { Workflow } from "lucide-react"
import { fitting } from "#web/flow/zoom-controls.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { useEditor } from "../editor-context.ts"

/** Stands on an empty canvas: what a flow is, and the shortest one to begin with. */
export function CanvasHint() {
  const { commands, mayEdit } = useEditor()
  const flow = useReactFlow()
  const begin = () => {
    commands.begin()
    requestAnimationFrame(() => void flow.fitView(fitting))
  }
  return (
    <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center">
      <EmptyState
        icon={Workflow}
        title="An empty flow"
        className="pointer-events-auto"
        action={
          mayEdit && (
            <Button tone="primary" onClick={begin}>
              Start with input, model, output
            </Button>
          )
        }
      >
        A flow takes inputs, passes them through its nodes and returns outputs. Add nodes from the palette and
        draw edges between them.
      </EmptyState>
    </div>
  )
}
