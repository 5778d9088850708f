import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import type { NodeState } from "#core/execution/state"
import { sayRecordedKind } from "#web/agent/tools/say-kind.ts"
import { Artifacts } from "#web/flow/artifacts.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { argumentsIn, limitMet, sayEnd, type ToolTry } from "../model/tool-calls.ts"
import { Pane } from "./pane.tsx"

/** A call of a tool: what with, how it ended and what it left behind; each try by itself, the latest first. */
export function ToolPane({ run, tries }: { run: NodeState | undefined; tries: readonly ToolTry[] }) {
  const given = argumentsIn(run)
  const [first] = tries
  return (
    <Pane>
      <div className="flex flex-col gap-4">
        {first && <About one={first} />}
        {tries.length === 0 && <Quiet>It was not called yet.</Quiet>}
        {tries.toReversed().map((one) => (
          <section key={`${one.attempt} ${one.began}`} aria-label={`Attempt ${one.attempt}`}>
            {tries.length > 1 && <h3 className="mb-1 text-sm text-muted">Attempt {one.attempt}</h3>}
            <Facts one={one} />
          </section>
        ))}
        <Artifacts value={run?.output} />
        {given !== undefined && (
          <section aria-label="Arguments" className="flex min-w-0 flex-col gap-1.5">
            <h3 className="text-sm text-muted">Arguments</h3>
            <JsonView value={given} label="Arguments" />
          </section>
        )}
      </div>
    </Pane>
  )
}

const About = ({ one: { tool, tool_id: id, kind } }: { one: ToolTry }) => (
  <p className="flex flex-wrap items-center gap-2">
    <span className="font-mono font-medium">{tool}</span>
    <Badge>{sayRecordedKind(kind)}</Badge>
    {id?.startsWith("tool_") && (
      <Link
        to="/tools/$toolId"
        params={{ toolId: id }}
        className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
      >
        Open
        <ArrowUpRight aria-hidden className="size-3" />
      </Link>
    )}
  </p>
)

function Facts({ one }: { one: ToolTry }) {
  const { latency_ms: took, characters, error, idempotency_key: key } = one
  const facts: [string, string | undefined][] = [
    ["Duration", took === undefined ? "Under way" : sayDuration(took)],
    ["Ended with", sayEnd(one)],
    ["Limit met", limitMet(error)],
    ["Answer", characters === undefined ? undefined : `${characters.toLocaleString("en")} characters`],
    ["Error", error && `${error.message} (${error.code})`],
    ["Idempotency key", key],
  ]
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="tabular break-words">{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
