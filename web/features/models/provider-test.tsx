import { skipToken, useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleX, Plug } from "lucide-react"
import type { Provider } from "#core/contract/llm-providers"
import type { ProviderId } from "#core/ids"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { providerTestKey, useProviderTest, type ProviderTest } from "./queries.ts"

/** The last answer to a test of this provider, in this visit. */
export const useLastTest = (id: ProviderId | undefined): ProviderTest | undefined =>
  useQuery<ProviderTest>({ queryKey: providerTestKey(id ?? ""), queryFn: skipToken, staleTime: Infinity }).data

export function TestButton({ provider, size = "xs", className }: { provider: Provider; size?: "xs" | "md"; className?: string }) {
  const test = useProviderTest(provider.id)
  return (
    <Button size={size} tone={size === "xs" ? "ghost" : "secondary"} busy={test.isPending} className={className} onClick={() => test.mutate()}>
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
