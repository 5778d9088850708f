import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Users } from "lucide-react"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { blankCrew, crewExamplesQuery, useCrewActs } from "../queries.ts"
import { blankFace, CardFace, cardLook, sampleOf, type Example } from "./example-card.tsx"

const grid = "grid grid-cols-[repeat(auto-fill,minmax(14.5rem,1fr))] gap-3"

/** A tenant without crews: what they are for, and examples that work at once. */
export function FirstCrew({ mayEdit, onImport }: { mayEdit: boolean; onImport: () => void }) {
  const navigate = useNavigate()
  const examples = useQuery({ ...crewExamplesQuery, enabled: mayEdit })
  const { create, begin } = useCrewActs()
  if (!mayEdit) {
    return (
      <EmptyState icon={Users} title="No crews yet" className="my-auto">
        Somebody who may edit crews has to create the first one. Your role may only read them.
      </EmptyState>
    )
  }
  const isBusy = create.isPending || begin.isPending
  const open = (id: string, search: object = {}) =>
    void navigate({ to: "/crews/$crewId", params: { crewId: id }, search })
  const onError = (error: unknown) => toast.failed(error)
  const beginWith = (example: Example) =>
    begin.mutate(example.id, { onSuccess: ({ crew }) => open(crew.id, sampleOf(example)), onError })
  const card = cn(cardLook, "focus-ring h-full w-full disabled:opacity-60")
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6">
      <div className="mx-auto max-w-[52rem] pt-[max(3rem,8vh)] pb-16">
        <h2 className="text-lg font-semibold">Begin with a crew that works</h2>
        <p className="prose-width mt-1 text-muted">
          A crew is agents who work on tasks together: one after another, side by side, in a debate, or led by
          a manager. An example brings its agents along.
        </p>
        {examples.error && <ErrorNote error={examples.error} className="mt-6" />}
        <ul className={cn(grid, "mt-6")}>
          <li>
            <button
              type="button"
              disabled={isBusy}
              onClick={() =>
                create.mutate(blankCrew("Untitled crew"), { onSuccess: ({ crew }) => open(crew.id), onError })
              }
              className={card}
            >
              <CardFace {...blankFace} />
            </button>
          </li>
          {examples.data?.examples.map((example) => (
            <li key={example.id}>
              <button type="button" disabled={isBusy} onClick={() => beginWith(example)} className={card}>
                <CardFace {...example} />
              </button>
            </li>
          ))}
        </ul>
        {examples.isPending && (
          <Loading what="the examples" className={cn(grid, "mt-3")}>
            {[1, 2, 3].map((one) => (
              <Skeleton key={one} className="h-24 rounded-md" />
            ))}
          </Loading>
        )}
        <p className="mt-6 text-muted">
          You have a crew in CrewAI?{" "}
          <Button size="sm" onClick={onImport} className="ml-1">
            Import its two files
          </Button>
        </p>
      </div>
    </div>
  )
}
