import { Link } from "@tanstack/react-router"
import { formatMicros } from "#core/money"
import { useActors } from "#web/api/choices.ts"
import { ExecutionStatusMark } from "#web/flow/status.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { sayDelta, type Diff } from "../model/comparison.ts"

type Side = Diff["left"]

const tokensOf = (side: Side): number => side.input_tokens + side.output_tokens
const sayTokens = (count: number): string => count.toLocaleString("en")

/** The two executions, and by how much the right one took more or less. */
export function Sides({ diff: { left, right } }: { diff: Diff }) {
  return (
    <div className="grid shrink-0 grid-cols-2 border-b bg-surface max-md:grid-cols-1">
      <Facts side={left} name="Left" />
      <Facts side={right} name="Right" other={left} />
    </div>
  )
}

const sayActor = (name: string): string => (name === "You" ? "you" : name)

type FactsProps = { side: Side; name: string; /** What it is measured against. */ other?: Side }

function Facts({ side, name, other }: FactsProps) {
  const actors = useActors()
  const facts: [string, React.ReactNode, string][] = [
    [
      "Duration",
      side.duration_ms === null ? "–" : sayDuration(side.duration_ms),
      other ? sayDelta(other.duration_ms, side.duration_ms, sayDuration) : "",
    ],
    ["Tokens", sayTokens(tokensOf(side)), other ? sayDelta(tokensOf(other), tokensOf(side), sayTokens) : ""],
    [
      "Cost",
      formatMicros(side.cost_micros),
      other ? sayDelta(other.cost_micros, side.cost_micros, formatMicros) : "",
    ],
  ]
  return (
    <section
      aria-label={name}
      className="min-w-0 px-4 py-2 first:border-r max-md:first:border-r-0 max-md:first:border-b"
    >
      <h2 className="flex min-w-0 items-center gap-2.5">
        <ExecutionStatusMark status={side.status} look="soft" />
        <Link
          to="/executions/$executionId"
          params={{ executionId: side.id }}
          className="focus-ring truncate rounded-sm font-medium hover:underline"
        >
          {side.flow_name} …{side.id.slice(-6)}
        </Link>
      </h2>
      <p className="mt-1 truncate text-sm text-muted">
        {side.flow_version === null ? "Draft" : `Version ${side.flow_version}`}, started{" "}
        <RelativeTime at={side.created_at} /> by {sayActor(actors.say(side.actor))}
      </p>
      <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {facts.map(([label, value, delta]) => (
          <div key={label} className="flex items-baseline gap-1.5">
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="tabular">
              {value}
              {delta !== "" && <span className="ml-1.5 text-sm text-muted">({delta})</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
