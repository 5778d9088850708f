import { Link, useNavigate } from "@tanstack/react-router"
import { Check, Link2, RotateCw, Square, WifiOff } from "lucide-react"
import { useEffect, useState, type ReactNode } from "react"
import type { Execution } from "#core/contract/executions"
import { isRetryable, isSettled } from "#core/execution/status"
import { formatMicros } from "#core/money"
import { useActors } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { useElapsed } from "#web/flow/use-elapsed.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { useExecutionActs } from "./queries.ts"

/** How the execution stands, what it took, who began it, and what can be done with it. */
export function ExecutionHeader({ execution, live }: { execution: Execution; live: LiveExecution }) {
  const status = useLive(live, ({ state }) => state.status) ?? execution.status
  const link = useLive(live, (one) => one.link)
  const tokens = useLive(live, ({ state }) => state.input_tokens + state.output_tokens) ?? 0
  const cost = useLive(live, ({ state }) => state.cost_micros) ?? 0
  const elapsed = useElapsed(live)
  const actors = useActors()
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Executions", to: "/executions" },
          { label: `${execution.flow_name} …${execution.id.slice(-6)}` },
        ]}
      />
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b bg-surface px-4 py-1.5">
        <span role="status">
          <ExecutionStatusMark status={status} look="soft" />
        </span>
        <dl className="max-md:order-last max-md:w-full flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1">
          <Fact name="Elapsed">{elapsed === null ? "–" : sayDuration(elapsed)}</Fact>
          <Fact name="Tokens">{tokens.toLocaleString("en")}</Fact>
          <Fact name="Cost">{formatMicros(cost)}</Fact>
          <Fact name="Flow">
            <Link
              to="/flows/$flowId"
              params={{ flowId: execution.flow_id }}
              className="focus-ring rounded-sm hover:underline"
            >
              {execution.flow_version === null ? "draft" : `version ${execution.flow_version}`}
            </Link>
          </Fact>
          <Fact name="Started">
            <RelativeTime at={execution.created_at} /> by {lowerYou(actors.say(execution.actor))}
          </Fact>
          {execution.retry_of && (
            <Fact name="Retry of">
              <Link
                to="/executions/$executionId"
                params={{ executionId: execution.retry_of }}
                className="focus-ring rounded-sm font-mono text-sm hover:underline"
              >
                …{execution.retry_of.slice(-6)}
              </Link>
            </Fact>
          )}
        </dl>
        {link === "reconnecting" && (
          <span role="status" className="inline-flex items-center gap-1.5 text-sm text-muted">
            <WifiOff aria-hidden className="size-3.5" />
            Reconnecting
          </span>
        )}
        <Acts execution={execution} status={status} />
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

function Acts({ execution, status }: { execution: Execution; status: Execution["status"] }) {
  const navigate = useNavigate()
  const { cancel, retry } = useExecutionActs()
  const mayCancel = useCan("execution.cancel")
  const mayStart = useCan("execution.start")
  return (
    <div className="ml-auto flex items-center gap-2">
      <CopyLink />
      {mayStart && isRetryable(status) && (
        <Button
          size="sm"
          busy={retry.isPending}
          onClick={() =>
            retry.mutate(execution.id, {
              onSuccess: ({ execution_id }) =>
                void navigate({ to: "/executions/$executionId", params: { executionId: execution_id } }),
            })
          }
        >
          <RotateCw aria-hidden className="size-3.5" />
          Retry
        </Button>
      )}
      {mayCancel && !isSettled(status) && (
        <Button
          size="sm"
          busy={cancel.isPending}
          disabled={status === "cancelling"}
          onClick={() => cancel.mutate([execution])}
        >
          <Square aria-hidden className="size-3" />
          Cancel
        </Button>
      )}
    </div>
  )
}

/** The address as it stands, with the open step. */
function CopyLink() {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    await navigator.clipboard.writeText(location.href)
    setCopied(true)
  }
  return (
    <Button tone="ghost" size="sm" onClick={() => void copy()}>
      {copied ? (
        <Check aria-hidden className="size-3.5 text-succeeded" />
      ) : (
        <Link2 aria-hidden className="size-3.5" />
      )}
      {copied ? "Copied" : "Copy link"}
    </Button>
  )
}
