import { useReactFlow, useStore as useFlowStore, ViewportPortal } from "@xyflow/react"
import { MessageSquare, Plus } from "lucide-react"
import { memo, type ReactNode } from "react"
import type { Thread } from "#core/canvas/comment"
import type { Point } from "#web/flow/geometry.ts"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { openedThreadAtom, pendingPlaceAtom, placedThreadsAtom } from "./atoms.ts"
import { openThread, showPlace } from "./commenting.ts"

/** What people say about places of the canvas, each at its place: nodes move past it. */
export function PlacePins() {
  const threads = useAtomValue(placedThreadsAtom)
  const pending = useAtomValue(pendingPlaceAtom)
  if (threads.length === 0 && !pending) return null
  return (
    <SameSize>
      {threads.map((thread) => (
        <Pin key={thread.id} thread={thread} />
      ))}
      {pending && (
        <At place={pending}>
          <span
            aria-hidden
            data-pending-pin
            className="absolute bottom-0 left-0 flex size-7 items-center justify-center rounded-full rounded-bl-none border border-accent bg-accent text-on-accent shadow-near"
          >
            <Plus className="size-4" />
          </span>
        </At>
      )}
    </SameSize>
  )
}

/** Pins keep their size at every zoom, and none of them renders for it. */
function SameSize({ children }: { children: ReactNode }) {
  const zoom = useFlowStore((state) => state.transform[2])
  return (
    <ViewportPortal>
      <div style={{ "--pin-scale": 1 / zoom }}>{children}</div>
    </ViewportPortal>
  )
}

const At = ({ place: { x, y }, children }: { place: Point; children: ReactNode }) => (
  <div
    style={{ translate: `${x}px ${y}px`, scale: "var(--pin-scale)" }}
    className="absolute top-0 left-0 z-[1500] origin-top-left"
  >
    {children}
  </div>
)

const mostWords = 120

/** How a thread begins, and how much was said to it. */
function wordsOf({ comments }: Thread): string {
  const text = (comments[0]?.text ?? "").replaceAll(/\s+/g, " ")
  const start = text.length > mostWords ? `${text.slice(0, mostWords).trimEnd()}…` : text
  const replies = comments.length - 1
  return replies === 0 ? start : `${start} (${replies === 1 ? "1 reply" : `${replies} replies`})`
}

const Pin = memo(function Pin({ thread }: { thread: Thread }) {
  const store = useStore()
  const flow = useReactFlow()
  const isOpened = useAtomValue(openedThreadAtom)?.id === thread.id
  if (!thread.position) return null
  const { position, comments } = thread
  const words = wordsOf(thread)
  return (
    <At place={position}>
      <Tooltip text={words}>
        <button
          type="button"
          aria-label={`Comment here: ${words}`}
          aria-current={isOpened || undefined}
          data-pin={thread.id}
          onClick={(event) => {
            event.stopPropagation()
            openThread(store, flow, thread)
          }}
          // The keyboard comes to pins that are out of sight too.
          onFocus={({ target }) => target.matches(":focus-visible") && showPlace(flow, position)}
          className="nodrag nopan nokey focus-ring tabular pointer-events-auto absolute bottom-0 left-0 flex h-7 min-w-7 items-center justify-center gap-1 rounded-full rounded-bl-none border border-line-strong bg-raised px-1.5 text-sm font-medium text-ink shadow-near hover:bg-hover aria-current:border-accent aria-current:bg-accent-soft pointer-coarse:h-9 pointer-coarse:min-w-9"
        >
          <MessageSquare aria-hidden className="size-4 text-accent-ink" />
          {comments.length > 1 && comments.length}
        </button>
      </Tooltip>
    </At>
  )
})
