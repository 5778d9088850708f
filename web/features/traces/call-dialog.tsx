import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import type { FoundSpan } from "#core/contract/traces"
import { formatMicros } from "#core/money"
import { SpanStatusMark } from "#web/flow/waterfall/span-look.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { spanQuery } from "./queries.ts"

/** A call of a model by itself, such as over the OpenAI-compatible endpoint: there is no execution to open. */
export const isCall = ({ attributes }: FoundSpan): boolean => attributes["edgecrew.api"] !== undefined

/** One call: what it was asked, what came of it, what it took. */
export function CallDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const call = useQuery(spanQuery(id))
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={call.data?.name ?? "Call"} size="lg">
      {call.error ? (
        <ErrorState error={call.error} onRetry={() => void call.refetch()} />
      ) : call.data ? (
        <Call span={call.data} />
      ) : (
        <Loading what="the call" className="flex flex-col gap-3">
          <Skeleton className="w-1/2" />
          <Skeleton className="h-16 w-full" />
        </Loading>
      )}
    </Dialog>
  )
}

function Call({ span }: { span: FoundSpan }) {
  const [asked = "", ...answered] = span.text?.split("\n") ?? []
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <Fact name="Status">
          <SpanStatusMark status={span.status} />
        </Fact>
        <Fact name="Began">
          <RelativeTime at={span.start_time} />
        </Fact>
        <Fact name="Took">{sayDuration(span.duration_ms ?? 0)}</Fact>
        {span.first_token_ms !== null && (
          <Fact name="First token after">{sayDuration(span.first_token_ms)}</Fact>
        )}
        <Fact name="Tokens">
          {span.input_tokens.toLocaleString("en")} in, {span.output_tokens.toLocaleString("en")} out
        </Fact>
        <Fact name="Cost">{formatMicros(span.cost_micros)}</Fact>
        <Fact name="Trace">
          <code className="font-mono text-sm break-all">{span.trace_id}</code>
        </Fact>
        {Object.entries(span.attributes).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="break-words">{String(value)}</span>
          </Fact>
        ))}
      </dl>
      {asked && <Words title="Asked">{asked}</Words>}
      {answered.length > 0 && <Words title="Answered">{answered.join("\n")}</Words>}
    </div>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="tabular min-w-0">{children}</dd>
  </>
)

const Words = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-1">
    <h3 className="text-sm font-medium text-muted">{title}</h3>
    <p className="rounded-md bg-sunken px-3 py-2 break-words whitespace-pre-wrap">{children}</p>
  </section>
)
