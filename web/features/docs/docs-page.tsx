import { useQuery } from "@tanstack/react-query"
import { useNavigate, useRouteContext, useSearch } from "@tanstack/react-router"
import { ArrowLeft, Download } from "lucide-react"
import { systemApi } from "#core/contract/system"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { usePhone } from "#web/ui/use-media.ts"
import { readReference, type Reference } from "./model.ts"
import { OperationList } from "./operation-list.tsx"
import { OperationView } from "./operation-view.tsx"
import { Overview } from "./overview.tsx"
import { SchemasProvider } from "./schema-view.tsx"

/** The interactive reference, drawn from the OpenAPI document that the server makes of its contracts. */
export function DocsPage() {
  const reference = useQuery({
    queryKey: queryKeys.reference,
    queryFn: async ({ signal }) => readReference(await call(systemApi.openapi, { signal })),
    staleTime: Infinity,
  })
  return (
    <>
      <PageHeader
        crumbs={[{ label: "API reference" }]}
        actions={
          <Button asChild size="sm">
            <a href="/api/v1/openapi.json" download="edgecrew.openapi.json">
              <Download aria-hidden />
              <span className="max-md:sr-only">OpenAPI</span>
            </a>
          </Button>
        }
      />
      {reference.data ? (
        <ReferenceView reference={reference.data} />
      ) : reference.error ? (
        <ErrorState error={reference.error} onRetry={() => void reference.refetch()} className="my-auto" />
      ) : (
        <Loading what="the reference" className="flex flex-col gap-4 p-6">
          <Skeleton className="h-5 w-56" />
          <Skeleton className="w-80" />
          <Skeleton className="w-72" />
        </Loading>
      )}
    </>
  )
}

function ReferenceView({ reference }: { reference: Reference }) {
  const { operation: wanted, q = "" } = useSearch({ from: "/shell/docs" })
  const { signedIn } = useRouteContext({ from: "/shell" })
  const navigate = useNavigate({ from: "/docs" })
  const phone = usePhone()
  const all = reference.groups.flatMap((group) => group.operations)
  const shown = all.find((operation) => operation.id === wanted)
  return (
    <SchemasProvider schemas={reference.schemas}>
      <div className="flex min-h-0 flex-1">
        <nav
          aria-label="Operations"
          className={cn("w-full shrink-0 border-r border-line md:w-72", shown && "max-md:hidden")}
        >
          <OperationList
            groups={reference.groups}
            search={q}
            onSearch={(next) =>
              void navigate({ search: (before) => ({ ...before, q: next || undefined }), replace: true })
            }
            shown={shown?.id}
          />
        </nav>
        {shown ? (
          <div className="min-w-0 flex-1 overflow-y-auto">
            {phone && (
              <Button
                tone="ghost"
                size="sm"
                className="mt-3 ml-2"
                onClick={() => void navigate({ search: (before) => ({ ...before, operation: undefined }) })}
              >
                <ArrowLeft aria-hidden />
                All operations
              </Button>
            )}
            <OperationView operation={shown} maySend={signedIn} />
          </div>
        ) : (
          <div className="min-w-0 flex-1 overflow-y-auto max-md:hidden">
            <Overview reference={reference} signedIn={signedIn} />
          </div>
        )}
      </div>
    </SchemasProvider>
  )
}
