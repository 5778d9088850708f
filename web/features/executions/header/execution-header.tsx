import { Link } from "@tanstack/react-router"
import { WifiOff } from "lucide-react"
import type { ReactNode } from "react"
import { formatMicros } from "#core/money"
import { useActors } from "#web/api/choices.ts"
import { executedAt } from "#web/flow/executed.ts"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { useElapsed } from "#web/flow/use-elapsed.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { ancestorsOf } from "../model/lineage.ts"
import { useWatch } from "../watch.ts"
import { ExecutionActs } from "./execution-acts.tsx"
import { Viewers } from "./viewers.tsx"

/** How the execution stands, what it took, who began it, and what can be done with it. */
export function ExecutionHeader() {
  const { execution, live } = useWatch()
  const status = useLive(live, ({ state }) => state.status) ?? execution.status
  const link = useLive(live, (one) => one.link)
  const tokens = useLive(live, ({ state }) => state.input_tokens + state.output_tokens) ?? 0
  const cost = useLive(live, ({ state }) => state.cost_micros) ?? 0
  const elapsed = useElapsed(live)
  const actors = useActors()
  const executed = executedAt(execution.flow_id)
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Executions", to: "/executions" },
          { label: `${execution.flow_name} …${execution.id.slice(-6)}` },
        ]}
        actions={<Viewers />}
      />
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b bg-surface px-4 py-1.5">
        <span role="status">
          <ExecutionStatusMark status={status} look="soft" />
        </span>
        <dl className="max-md:order-last max-md:w-full flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
          <Fact name="Elapsed">{elapsed === null ? "–" : sayDuration(elapsed)}</Fact>
          <Fact name="Tokens">{tokens.toLocaleString("en")}</Fact>
          <Fact name="Cost">{formatMicros(cost)}</Fact>
          <Fact name={executed.noun}>
            <Link {...executed.link} className="focus-ring rounded-sm hover:underline">
              {execution.flow_version === null ? "draft" : `version ${execution.flow_version}`}
            </Link>
          </Fact>
          <Fact name="Started">
            <RelativeTime at={execution.created_at} /> by {lowerYou(actors.say(execution.actor))}
          </Fact>
          <Lineage />
        </dl>
        {link === "reconnecting" && (
          <span role="status" className="inline-flex items-center gap-1.5 text-sm text-muted">
            <WifiOff aria-hidden className="size-3.5" />
            Reconnecting
          </span>
        )}
        <ExecutionActs status={status} />
      </header>
    </>
  )
}

const lowerYou = (name: string): string => (name === "You" ? "you" : name)

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex items-baseline gap-1.5 whitespace-nowrap">
    <dt className="text-sm text-muted">{name}</dt>
    <dd className="tabular">{children}</dd>
  </div>
)

const quietLink = "focus-ring rounded-sm hover:underline"

/** What it comes from, and what has become different since. */
function Lineage() {
  const { execution } = useWatch()
  return ancestorsOf(execution).map(({ id, how }) => (
    <Fact key={how} name={how}>
      <Link
        to="/executions/$executionId"
        params={{ executionId: id }}
        className={`${quietLink} font-mono text-sm`}
      >
        …{id.slice(-6)}
      </Link>
      <Link
        to="/executions/$executionId/compare/$otherId"
        params={{ executionId: id, otherId: execution.id }}
        className={`${quietLink} ml-2 text-sm text-accent-ink`}
      >
        Compare
      </Link>
    </Fact>
  ))
}
