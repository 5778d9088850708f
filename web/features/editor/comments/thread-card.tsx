import { useReactFlow } from "@xyflow/react"
import { Check, CornerDownRight, MapPin, RotateCcw, Workflow } from "lucide-react"
import { useState } from "react"
import type { Thread } from "#core/canvas/comment"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { titleOf } from "#web/flow/node-card.tsx"
import { glide } from "#web/flow/zoom-controls.tsx"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { nodeAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { openedThreadAtom } from "./atoms.ts"
import { CommentForm } from "./comment-form.tsx"
import { CommentView } from "./comment-view.tsx"
import { showPlace } from "./commenting.ts"
import type { Comments } from "./use-comments.ts"

/** A talk: what it is about, what was said, and what can be said to it. */
export function ThreadCard({
  thread,
  comments,
  isNew,
}: {
  thread: Thread
  comments: Comments
  isNew: boolean
}) {
  const [isReplying, setReplying] = useState(false)
  const isOpened = useAtomValue(openedThreadAtom)?.id === thread.id
  const { mayComment, people, remarks, tell, resolve, nameOf } = comments
  const isResolved = thread.resolved_at !== null
  return (
    <li
      tabIndex={-1}
      aria-current={isOpened || undefined}
      className="focus-ring-inset flex flex-col gap-3 border-b px-3 py-3 aria-current:bg-accent-soft"
      data-thread={thread.id}
    >
      <div className="flex min-w-0 items-center gap-2">
        <About thread={thread} />
        {isNew && <Badge tone="accent">New</Badge>}
      </div>
      {thread.comments.map((comment) => (
        <CommentView key={comment.id} thread={thread} comment={comment} comments={comments} />
      ))}
      {isResolved && (
        <p className="flex items-center gap-1.5 text-sm text-succeeded">
          <Check aria-hidden className="size-3.5" />
          Resolved by {nameOf(thread.resolved_by ?? "")}
        </p>
      )}
      {mayComment &&
        (isReplying ? (
          <CommentForm
            label="Reply"
            act="Reply"
            people={people}
            autoFocus
            onCancel={() => setReplying(false)}
            onSend={(text) => {
              const fault = tell(remarks.reply(thread, text))
              if (fault === undefined) setReplying(false)
              return fault
            }}
          />
        ) : (
          <div className="flex gap-1">
            <Button size="sm" tone="ghost" onClick={() => setReplying(true)}>
              <CornerDownRight aria-hidden className="size-3.5" />
              Reply
            </Button>
            <Button size="sm" tone="ghost" onClick={() => resolve(thread, !isResolved)}>
              {isResolved ? (
                <RotateCcw aria-hidden className="size-3.5" />
              ) : (
                <Check aria-hidden className="size-3.5" />
              )}
              {isResolved ? "Reopen" : "Resolve"}
            </Button>
          </div>
        ))}
    </li>
  )
}

const link = "focus-ring flex min-w-0 items-center gap-1.5 rounded-sm text-sm font-medium hover:underline"

/** What it is about, as a way to it; of a node that is gone, its name. */
function About({ thread }: { thread: Thread }) {
  const { node_id: id, position } = thread
  const store = useStore()
  const node = useAtomValue(nodeAtom(id ?? ""))
  const { commands } = useEditor()
  const flow = useReactFlow()
  if (node) {
    const show = () => {
      commands.select([node.id])
      void flow.fitView({ nodes: [{ id: node.id }], maxZoom: Math.max(flow.getZoom(), 1), ...glide() })
    }
    return (
      <button type="button" onClick={show} className={link}>
        <KindTile type={node.type} size="sm" className="size-4" />
        <span className="truncate">{titleOf(node)}</span>
      </button>
    )
  }
  if (id !== null) {
    return (
      <p className="min-w-0 truncate text-sm text-muted">
        A node that was deleted: <span className="font-mono">{id}</span>
      </p>
    )
  }
  if (position) {
    const show = () => {
      store.set(openedThreadAtom, { id: thread.id })
      showPlace(flow, position)
    }
    return (
      <button type="button" onClick={show} className={link}>
        <MapPin aria-hidden className="size-3.5 text-muted" />A place on the canvas
      </button>
    )
  }
  return (
    <p className="flex items-center gap-1.5 text-sm font-medium">
      <Workflow aria-hidden className="size-3.5 text-muted" />
      The flow
    </p>
  )
}
