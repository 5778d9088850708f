import { skipToken, useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleX, Plug } from "lucide-react"
import type { Provider } from "#core/contract/llm-providers"
import type { ProviderId } from "#core/ids"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { providerTestKey, useProviderTest, type ProviderTest } from "./queries.ts"

/** The last answer to a test of this provider, in this visit. */
export const useLastTest = (id: ProviderId | undefined): ProviderTest | undefined =>
  useQuery<ProviderTest>({ queryKey: providerTestKey(id ?? ""), queryFn: skipToken, staleTime: Infinity })
    .data

export function TestButton({
  provider,
  size = "xs",
  className,
}: {
  provider: Provider
  size?: "xs" | "md"
  className?: string
}) {
  const test = useProviderTest(provider.id)
  return (
    <Button
      size={size}
      tone={size === "xs" ? "ghost" : "secondary"}
      busy={test.isPending}
      className={className}
      onClick={() => test.mutate()}
    >
      <Plug aria-hidden className="size-3.5" />
      Test
    </Button>
  )
}

const sayModels = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "model" : "models"}`

/** How the test went, in a line. */
export function TestResult({ result }: { result: ProviderTest }) {
  if (!result.ok) {
    return (
      <Tooltip text={result.error?.message ?? "It did not answer."}>
        <span className="flex min-w-0">
          <StatusBadge tone="failed" icon={CircleX}>
            {result.error?.message ?? "Failed"}
          </StatusBadge>
        </span>
      </Tooltip>
    )
  }
  return (
    <StatusBadge tone="succeeded" icon={CircleCheck} className="tabular">
      Answered in {sayDuration(result.latency_ms)} · {sayModels(result.models.length)}
    </StatusBadge>
  )
}

/** The whole answer to a test of what is saved, with its models to choose from. */
export function TestReport({ provider }: { provider: Provider }) {
  const result = useLastTest(provider.id)
  if (!result) return null
  const { ok, models, error } = result
  return (
    <div
      role="status"
      className={cn("rounded-md px-3 py-2", ok ? "bg-succeeded-soft" : "bg-failed-soft text-failed")}
    >
      {ok ? <TestResult result={result} /> : (error?.message ?? "The provider did not answer.")}
      {ok && models.length > 0 && (
        <p className="mt-0.5 max-h-24 overflow-y-auto font-mono text-sm break-words text-soft">
          {models.join(", ")}
        </p>
      )}
    </div>
  )
}
