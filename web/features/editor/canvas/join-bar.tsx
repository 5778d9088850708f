import { useStore as useFlowStore, ViewportPortal } from "@xyflow/react"
import { Spline, X } from "lucide-react"
import { handlesOf, placedHandles, arrivalY, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { titleIn } from "#web/flow/node-card.tsx"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { useMedia } from "#web/ui/use-media.ts"
import { draftAtom, foldingAtom, joiningAtom, type Joining } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { beginJoining, endJoining, join } from "./joining.ts"

/** Says what is being connected while no hand draws the edge, with the ways out to choose from. */
export function JoinBar() {
  const joining = useAtomValue(joiningAtom)
  return joining && <Bar joining={joining} />
}

function Bar({ joining }: { joining: Joining }) {
  const { commands } = useEditor()
  const store = useStore()
  const draft = useAtomValue(draftAtom)
  const touch = useMedia("(pointer: coarse)")
  const node = draft.nodes.find(({ id }) => id === joining.source)
  const handles = node ? handlesOf(node) : []
  const to = joining.at === null ? null : titleIn(draft, joining.at)
  return (
    <div
      role="group"
      aria-label="Connecting"
      className="pointer-events-auto absolute inset-x-3 top-3 z-20 mx-auto flex w-fit flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-raised py-1 pr-1 pl-2.5 shadow-float max-md:right-16 max-md:ml-0"
    >
      <Spline aria-hidden className="size-4 text-accent-ink" />
      <span className="min-w-0">
        From <strong className="font-medium">{titleIn(draft, joining.source)}</strong>
        {touch || to === null ? (
          ": choose a node"
        ) : (
          <>
            {" "}
            to <strong className="font-medium">{to}</strong>
          </>
        )}
      </span>
      {handles.length > 1 &&
        handles.map(({ id, label }) => (
          <Button
            key={id}
            size="xs"
            tone="ghost"
            aria-pressed={id === joining.handle}
            className="aria-pressed:bg-active aria-pressed:text-ink"
            onClick={() => beginJoining(store, joining.source, id)}
          >
            {label}
          </Button>
        ))}
      {to !== null && joining.at !== null && (
        <Button size="xs" tone="primary" onClick={() => join(store, commands, joining.at!)}>
          Connect<span className="sr-only"> to {to}</span>
        </Button>
      )}
      <IconButton label="End connecting" keys="esc" size="xs" onClick={() => endJoining(store)}>
        <X />
      </IconButton>
    </div>
  )
}

/** The edge as it would be. */
export function JoinLine() {
  const joining = useAtomValue(joiningAtom)
  return joining?.at != null && <Line joining={joining} at={joining.at} />
}

function Line({ joining, at }: { joining: Joining; at: string }) {
  const { nodes } = useAtomValue(draftAtom)
  const folding = useAtomValue(foldingAtom)
  const zoom = useFlowStore((state) => state.transform[2])
  const nesting = nestingOf(nodes)
  const [source, target] = [nesting.node(joining.source), nesting.node(at)]
  if (!source || !target) return null
  const begin = nesting.place(source.id)
  const y = placedHandles(source).find(({ id }) => id === joining.handle)?.y ?? 0
  const from: Point = { x: begin.x + folding.sizeOf(source).width, y: begin.y + y }
  const end = nesting.place(target.id)
  const to: Point = { x: end.x, y: end.y + arrivalY(target) }
  const bend = Math.max(40, Math.abs(to.x - from.x) * 0.4)
  return (
    <ViewportPortal>
      <svg
        aria-hidden
        className="pointer-events-none absolute top-0 left-0 z-[1500] overflow-visible"
        width="1"
        height="1"
      >
        <path
          d={`M${from.x} ${from.y} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`}
          fill="none"
          className="stroke-accent"
          strokeWidth={2 / Math.min(1, zoom)}
          strokeDasharray="6 5"
        />
      </svg>
    </ViewportPortal>
  )
}
