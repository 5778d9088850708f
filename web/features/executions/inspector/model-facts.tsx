import type { NodeState } from "#core/execution/state"
import { formatMicros } from "#core/money"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { Pane } from "./pane.tsx"

/** Which model answered, how long it took, what it counted and what that cost. */
export function ModelFacts({ run }: { run: NodeState }) {
  const { usage } = run
  const count = (value: number | undefined) => value?.toLocaleString("en")
  const facts: [string, string | undefined][] = [
    ["Provider", run.provider_type],
    ["Model", run.model],
    ["Latency", run.latency_ms === undefined ? undefined : sayDuration(run.latency_ms)],
    ["First token after", run.first_token_ms === undefined ? undefined : sayDuration(run.first_token_ms)],
    ["Input tokens", count(usage?.input_tokens)],
    ["Output tokens", count(usage?.output_tokens)],
    ["Read from cache", count(usage?.cache_read_tokens)],
    ["Written to cache", count(usage?.cache_write_tokens)],
    ["Reasoning tokens", count(usage?.reasoning_tokens)],
    ["Cost", run.usage ? formatMicros(run.cost_micros) : undefined],
    ["Attempts", run.attempt > 1 ? String(run.attempt) : undefined],
  ]
  return (
    <Pane>
      <dl className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular break-words">{value}</dd>
            </div>
          ),
        )}
      </dl>
      {usage?.estimated && (
        <p className="mt-3 text-sm text-muted">
          The vendor did not report all of it: some of the tokens are our own count.
        </p>
      )}
    </Pane>
  )
}
