import { Ellipsis, Pencil, Trash2 } from "lucide-react"
import { useState } from "react"
import type { Comment, Thread } from "#core/canvas/comment"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Avatar } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { CommentForm } from "./comment-form.tsx"
import { piecesOf } from "./mentions.ts"
import type { Comments } from "./use-comments.ts"

/** One comment, with what may be done to it. */
export function CommentView({
  thread,
  comment,
  comments,
}: {
  thread: Thread
  comment: Comment
  comments: Comments
}) {
  const [isEditing, setEditing] = useState(false)
  const [isGoing, setGoing] = useState(false)
  const { me, people, remarks, mayComment, mayTakeAway, nameOf, tell, takeAway } = comments
  const name = nameOf(comment.by)
  const entries: MenuEntry[] = [
    ...(mayComment && comment.by === me
      ? [{ label: "Edit", icon: Pencil, onSelect: () => setEditing(true) } satisfies MenuEntry]
      : []),
    ...(mayTakeAway(comment)
      ? [{ label: "Delete", icon: Trash2, danger: true, onSelect: () => setGoing(true) } satisfies MenuEntry]
      : []),
  ]
  return (
    <div className="flex gap-2">
      <Avatar name={name} seed={comment.by} size="md" className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <div className="flex min-h-6 items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          <RelativeTime at={comment.at} className="shrink-0 text-sm text-muted" />
          {comment.edited_at !== null && <span className="shrink-0 text-sm text-muted">edited</span>}
          {entries.length > 0 && (
            <Menu entries={entries} align="end">
              <IconButton label={`Comment of ${name}`} size="xs" tooltip={false} className="ml-auto">
                <Ellipsis />
              </IconButton>
            </Menu>
          )}
        </div>
        {isEditing ? (
          <CommentForm
            label="Your comment"
            act="Save"
            people={people}
            start={comment.text}
            autoFocus
            onCancel={() => setEditing(false)}
            onSend={(text) => {
              const fault = text === comment.text ? undefined : tell(remarks.reword(thread, comment, text))
              if (fault === undefined) setEditing(false)
              return fault
            }}
          />
        ) : (
          <Words comment={comment} comments={comments} />
        )}
      </div>
      <AlertDialog
        open={isGoing}
        onOpenChange={setGoing}
        title={comment.by === me ? "Delete your comment?" : `Delete the comment of ${name}?`}
        description={
          thread.comments.length === 1
            ? "It is the only one here: the thread goes with it. It cannot be brought back."
            : "It cannot be brought back."
        }
        act="Delete comment"
        onAct={() => takeAway(thread, comment)}
      />
    </div>
  )
}

/** What was written, as it was written; whoever is called stands out, oneself the most. */
function Words({ comment, comments: { me, people } }: { comment: Comment; comments: Comments }) {
  const called = people.filter(({ id }) => comment.mentions.includes(id))
  return (
    <p className="break-words whitespace-pre-wrap">
      {piecesOf(comment.text, called).map(({ text, person }, i) =>
        person === undefined ? (
          text
        ) : (
          <span
            // Pieces have no identity of their own; their order is all there is.
            // oxlint-disable-next-line react/no-array-index-key
            key={i}
            className={cn("font-medium text-accent-ink", person === me && "rounded-sm bg-accent-soft px-0.5")}
          >
            {text}
          </span>
        ),
      )}
    </p>
  )
}
