import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Bookmark, Diff, Trash2 } from "lucide-react"
import { useState } from "react"
import type { NamedVersion } from "#core/contract/canvas"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useEditor } from "../editor-context.ts"
import { peopleQuery } from "../panel/queries.ts"
import { forgetNamed, nameDraft, namedDraftQuery, namedVersionsQuery, restoreNamed } from "./queries.ts"
import { useRestore } from "./use-restore.ts"

/** States of the draft that somebody gave a name to: to look back at, and to go back to. */
export function NamedVersions() {
  const { flowId, mayEdit } = useEditor()
  const versions = useQuery(namedVersionsQuery(flowId))
  return (
    <>
      {mayEdit && <NameForm />}
      <div className="min-h-0 flex-1 overflow-y-auto">
        {versions.isPending ? (
          <Loading what="named versions" className="flex flex-col gap-4 p-3">
            <Skeleton className="w-1/2" />
            <Skeleton className="w-2/3" />
          </Loading>
        ) : versions.isError ? (
          <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
        ) : versions.data.length === 0 ? (
          <EmptyState icon={Bookmark} title="No named versions yet">
            Name the draft before a large change: whatever is done to it afterwards, this state stays.
          </EmptyState>
        ) : (
          <ol aria-label="Named versions">
            {versions.data.map((one) => (
              <li key={one.id} className="border-b">
                <Named version={one} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  )
}

/** Keeps the draft as it is now under a name. */
function NameForm() {
  const { flowId, live } = useEditor()
  const queries = useQueryClient()
  const [name, setName] = useState("")
  const [busy, setBusy] = useState(false)
  const keep = async () => {
    const wanted = name.trim()
    if (wanted === "") return
    setBusy(true)
    try {
      if (!(await live.flush())) throw new Error("The draft could not be saved first.")
      await nameDraft(flowId, wanted)
      setName("")
      await queries.invalidateQueries({ queryKey: namedVersionsQuery(flowId).queryKey })
    } catch (error) {
      toast.failed(error, "The draft was not given this name")
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="flex gap-2 border-b px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void keep()
      }}
    >
      <Input
        aria-label="Name of the draft as it is now"
        placeholder="Name the draft as it is now"
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Button type="submit" busy={busy} aria-disabled={name.trim() === "" || undefined}>
        Keep
      </Button>
    </form>
  )
}

/** A name in a sentence. */
const mostName = 60
const shortened = (name: string): string =>
  name.length > mostName ? `${name.slice(0, mostName).trimEnd()}…` : name

function Named({ version }: { version: NamedVersion }) {
  const { flowId, mayEdit } = useEditor()
  const queries = useQueryClient()
  const people = useQuery(peopleQuery(flowId)).data
  const [isGoing, setGoing] = useState(false)
  const { id, name, created_at: at, created_by: by, node_count: count } = version
  const author = people?.find((one) => one.id === by)?.name ?? (by.startsWith("key_") ? "API key" : "")
  const { busy, restore } = useRestore(`“${shortened(name)}”`, async () => {
    const { draft } = await queries.fetchQuery(namedDraftQuery(flowId, id))
    await restoreNamed(flowId, id)
    return draft
  })
  return (
    <div className="flex flex-col gap-2 px-3 py-2.5">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium break-words">{name}</p>
          <p className="text-sm text-muted">
            {author && `${author} · `}
            <RelativeTime at={at} /> · {count === 1 ? "1 node" : `${count.toLocaleString("en")} nodes`}
          </p>
        </div>
        {mayEdit && (
          <IconButton label={`Forget “${name}”`} size="xs" onClick={() => setGoing(true)}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button asChild size="sm">
          <Link to="/flows/$flowId/compare" params={{ flowId }} search={{ from: id, to: "draft" }}>
            <Diff aria-hidden className="size-3.5" />
            Compare with the draft
          </Link>
        </Button>
        {mayEdit && (
          <Button size="sm" tone="ghost" busy={busy} onClick={() => void restore()}>
            Restore<span className="sr-only"> “{name}”</span>
          </Button>
        )}
      </div>
      <AlertDialog
        open={isGoing}
        onOpenChange={setGoing}
        title={`Forget “${name}”?`}
        description="The draft stays as it is. This state of it cannot be brought back."
        act="Forget version"
        onAct={async () => {
          await forgetNamed(flowId, id)
          await queries.invalidateQueries({ queryKey: namedVersionsQuery(flowId).queryKey })
        }}
      />
    </div>
  )
}
