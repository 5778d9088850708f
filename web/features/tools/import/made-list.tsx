import { Link } from "@tanstack/react-router"
import { CircleCheck } from "lucide-react"
import { RiskBadge } from "#web/agent/tools/risk-badge.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import type { Made } from "./making.ts"

type MadeListProps = { made: readonly Made[]; onMore: () => void }

/** The tools that were made, each with the way to it. */
export function MadeList({ made, onMore }: MadeListProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-6 md:px-8">
        <header className="flex flex-wrap items-center gap-3">
          <div role="status">
            <h2 className="flex items-center gap-2 text-lg font-semibold">
              <CircleCheck aria-hidden className="size-5 text-succeeded" />
              {made.length === 1 ? "Made one tool" : `Made ${made.length.toLocaleString("en")} tools`}
            </h2>
          </div>
          <span className="ml-auto flex gap-2">
            <Button size="sm" onClick={onMore}>
              Make more of them
            </Button>
            <Button asChild size="sm" tone="primary">
              <Link to="/tools">All tools</Link>
            </Button>
          </span>
        </header>
        <p className="text-muted">
          Try each out on its page, then give it to an agent or call it from a flow. Every change of it is a
          version.
        </p>
        <ul className="divide-y divide-line rounded-md border border-line bg-surface">
          {made.map(({ key, tool }) => (
            <li key={key} className="flex min-w-0 items-center gap-3 px-3 py-2">
              <span className="flex min-w-0 flex-1 flex-col">
                <Link
                  to="/tools/$toolId"
                  params={{ toolId: tool.id }}
                  className="focus-ring w-fit max-w-full truncate rounded-sm font-mono text-sm font-medium text-accent-ink hover:underline"
                >
                  {tool.name}
                </Link>
                <span className="truncate font-mono text-xs text-muted" title={key}>
                  {key}
                </span>
              </span>
              {tool.needs_approval && <Badge tone="waiting">Asks first</Badge>}
              <RiskBadge risk={tool.risk} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
