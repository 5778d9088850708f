import { MessageSquare } from "lucide-react"
import { useEffect, useMemo, useRef, useState } from "react"
import { titleOf } from "#web/flow/node-card.tsx"
import { useAtom, useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { nodeAtom, shownNodeIdAtom, sideAtom, threadsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { PanelHeading } from "../panel/panel-heading.tsx"
import { commentingAtom, openedThreadAtom, pendingPlaceAtom, shownThreadsAtom } from "./atoms.ts"
import { CommentForm } from "./comment-form.tsx"
import { seenAtom } from "./seen.ts"
import { ThreadCard } from "./thread-card.tsx"
import { isUnread, seenWith, threadsIn, type Shown } from "./threads.ts"
import { useComments } from "./use-comments.ts"

/** What is shown so long has been read, ms. */
const readMs = 2_000

const nothingIn: Record<Shown, [title: string, words: string]> = {
  open: [
    "No open comments",
    "Ask, propose or explain: whoever opens the flow sees it. Write @ to call somebody by name.",
  ],
  resolved: ["Nothing resolved yet", "A thread that is settled moves here, and can be opened again."],
  mine: ["Nobody asks for you", "Open threads in which somebody calls you by name stand here."],
}

/** What people say about the flow: all of it, or about the selected node. */
export default function CommentsPanel() {
  const setSide = useSetAtom(sideAtom)
  const comments = useComments()
  const nodeId = useAtomValue(shownNodeIdAtom)
  const node = useAtomValue(nodeAtom(nodeId ?? ""))
  const threads = useAtomValue(threadsAtom)
  const [shown, setShown] = useAtom(shownThreadsAtom)
  const place = useAtomValue(pendingPlaceAtom)
  const setCommenting = useSetAtom(commentingAtom)
  const field = useAskedFor()
  const { me, people, remarks, mayComment, tell } = comments
  const listed = useMemo(() => threadsIn(threads, shown, nodeId, me), [threads, shown, nodeId, me])
  const isNew = useNews(listed, me)
  const mine = useMemo(() => threadsIn(threads, "mine", null, me).length, [threads, me])
  const { commands } = useEditor()
  const about = node ? titleOf(node) : place ? "this place" : "the flow"
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-panel>
      <PanelHeading title="Comments" onClose={() => setSide("panel")}>
        {node ? `About ${about}.` : "About the flow, its nodes and places."}
      </PanelHeading>
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
        <Segments
          label="Comments shown"
          value={shown}
          onChange={setShown}
          segments={[
            { value: "open", label: "Open" },
            { value: "mine", label: mine > 0 ? `For you ${mine}` : "For you" },
            { value: "resolved", label: "Resolved" },
          ]}
        />
        {node && (
          <Button size="xs" tone="ghost" className="ml-auto" onClick={commands.clearSelection}>
            Show all
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {listed.length === 0 ? (
          <EmptyState icon={MessageSquare} title={nothingIn[shown][0]}>
            {nothingIn[shown][1]}
          </EmptyState>
        ) : (
          <ol aria-label="Threads">
            {listed.map((thread) => (
              <ThreadCard key={thread.id} thread={thread} comments={comments} isNew={isNew(thread.id)} />
            ))}
          </ol>
        )}
      </div>
      {mayComment && (
        <div ref={field} className="border-t p-3 max-md:pb-[max(0.75rem,env(safe-area-inset-bottom))]">
          <CommentForm
            // What is begun about one node is not sent about another.
            key={nodeId ?? (place ? `${place.x} ${place.y}` : "flow")}
            label={`Comment on ${about}`}
            act="Comment"
            people={people}
            isLow
            {...(place ? { onCancel: () => setCommenting(null) } : {})}
            onSend={(text) => {
              const fault = tell(remarks.begin({ node_id: nodeId, position: place }, text))
              if (fault !== undefined) return fault
              setShown("open")
              setCommenting(null)
              return undefined
            }}
          >
            @ calls somebody
          </CommentForm>
        </div>
      )}
    </div>
  )
}

/** What is asked for from the canvas gets the keyboard: the field for a new comment, or a thread. Answers where the field stands. */
function useAskedFor() {
  const store = useStore()
  const commenting = useAtomValue(commentingAtom)
  const opened = useAtomValue(openedThreadAtom)
  const field = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!commenting) return undefined
    // After a menu that asked for it has given the keyboard back.
    const frame = requestAnimationFrame(() => field.current?.querySelector("textarea")?.focus())
    return () => cancelAnimationFrame(frame)
  }, [commenting])
  useEffect(() => {
    if (!opened) return
    const card = document.querySelector<HTMLElement>(`[data-thread="${CSS.escape(opened.id)}"]`)
    card?.scrollIntoView({ block: "nearest" })
    card?.focus({ preventScroll: true })
  }, [opened])
  useEffect(
    () =>
      store.sub(sideAtom, () => {
        if (store.get(sideAtom) === "comments") return
        store.set(commentingAtom, null)
        store.set(openedThreadAtom, null)
      }),
    [store],
  )
  return field
}

/** Which threads had news when they came into view; after a while of being shown they are read. */
function useNews(listed: ReturnType<typeof threadsIn>, me: string): (thread: string) => boolean {
  const store = useStore()
  const [seen, see] = useAtom(seenAtom)
  const [before] = useState(seen)
  useEffect(() => {
    if (!listed.some((one) => isUnread(one, store.get(seenAtom), me))) return undefined
    const timer = setTimeout(() => see(seenWith(store.get(seenAtom), listed)), readMs)
    return () => clearTimeout(timer)
  }, [listed, me, see, store])
  return (id) => listed.some((one) => one.id === id && isUnread(one, before, me))
}
