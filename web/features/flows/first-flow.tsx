import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Workflow } from "lucide-react"
import { useState } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { templatesQuery, useFlowActs } from "./queries.ts"
import { blankDraft } from "./blank.ts"
import { matching } from "./gallery.ts"
import { BlankFace, cardLook, TemplateFace } from "./template-card.tsx"

/** A tenant without flows: what they are for, and examples that work at once. */
export function FirstFlow({ mayEdit }: { mayEdit: boolean }) {
  const navigate = useNavigate()
  const templates = useQuery({ ...templatesQuery, enabled: mayEdit })
  const [search, setSearch] = useState("")
  const found = matching(templates.data?.templates ?? [], search)
  const { create } = useFlowActs()
  if (!mayEdit) {
    return (
      <EmptyState icon={Workflow} title="No flows yet" className="my-auto">
        Somebody who may edit flows has to create the first one. Your role may only read them.
      </EmptyState>
    )
  }
  const begin = (draft: FlowDraft) =>
    create.mutate(draft, {
      onSuccess: ({ flow }) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } }),
      onError: (error) => toast.failed(error),
    })
  const card = cn(cardLook, "focus-ring flex h-full w-full flex-col disabled:opacity-60")
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6">
      <div className="mx-auto max-w-[52rem] pt-[max(3rem,8vh)] pb-16">
        <h2 className="text-lg font-semibold">Begin with a flow that works</h2>
        <p className="prose-width mt-1 text-muted">
          A flow takes inputs through steps: models, conditions, transforms. Choose an example, execute it,
          then make it yours. All of them run on the builtin model, without an account anywhere.
        </p>
        {templates.error && <ErrorNote error={templates.error} className="mt-6" />}
        <SearchInput
          label="Search templates"
          value={search}
          onChange={setSearch}
          className="mt-6 w-full max-w-80"
        />
        <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(14.5rem,1fr))] gap-3">
          <li>
            <button
              type="button"
              disabled={create.isPending}
              onClick={() => begin(blankDraft("Untitled flow"))}
              className={card}
            >
              <BlankFace />
            </button>
          </li>
          {found.map((template) => (
            <li key={template.id}>
              <button
                type="button"
                disabled={create.isPending}
                onClick={() => begin(template.flow)}
                className={card}
              >
                <TemplateFace template={template} />
              </button>
            </li>
          ))}
        </ul>
        {templates.isPending && (
          <Loading
            what="the examples"
            className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(14.5rem,1fr))] gap-3"
          >
            {[1, 2, 3].map((one) => (
              <Skeleton key={one} className="h-36 rounded-md" />
            ))}
          </Loading>
        )}
      </div>
    </div>
  )
}
