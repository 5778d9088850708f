import { useQuery } from "@tanstack/react-query"
import { useSearch } from "@tanstack/react-router"
import { ShieldX } from "lucide-react"
import { useState } from "react"
import { useCan } from "#web/api/me.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { blankTool } from "./blank.ts"
import { NewToolEditor } from "./editor/new-tool-editor.tsx"
import { scaffoldsQuery } from "./queries.ts"
import { ToolSkeleton } from "./tool-page.tsx"

const titles = { python: "New Python program", node: "New Node program", bash: "New shell program" } as const

/** A new tool of the kind that the address names. */
export function NewToolPage() {
  const { kind, runtime = "python" } = useSearch({ from: "/shell/inside/tools/new" })
  if (!useCan("agent.edit")) return <MayNot />
  switch (kind) {
    case "http":
      return <Blank key={kind} kind={kind} title="New HTTP request" />
    case "flow":
      return <Blank key={kind} kind={kind} title="New flow as a tool" />
    case "isolate":
      return <FromScaffold key={kind} id="isolate" title="New JavaScript function" />
    case "container":
      return <FromScaffold key={runtime} id={runtime} title={titles[runtime]} />
    default:
      return kind satisfies never
  }
}

function Blank({ kind, title }: { kind: "http" | "flow"; title: string }) {
  const [start] = useState(blankTool[kind])
  return <NewToolEditor start={start} title={title} />
}

/** A program that works as it is. */
function FromScaffold({ id, title }: { id: string; title: string }) {
  const loaded = useQuery(scaffoldsQuery)
  const scaffold = loaded.data?.find((one) => one.id === id)
  if (loaded.isError) return <ErrorState error={loaded.error} onRetry={() => void loaded.refetch()} />
  if (!scaffold) return <ToolSkeleton />
  return <NewToolEditor start={scaffold.tool} title={title} />
}

const MayNot = () => (
  <div className="flex h-full flex-col justify-center">
    <PageHeader crumbs={[{ label: "Tools", to: "/tools" }, { label: "New tool" }]} />
    <EmptyState icon={ShieldX} title="Your role may not make tools">
      Somebody who may edit agents can make one, and you can use it.
    </EmptyState>
  </div>
)
