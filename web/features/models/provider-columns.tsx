import { CircleCheck, CirclePause } from "lucide-react"
import type { Provider } from "#core/contract/llm-providers"
import { Badge, StatusBadge } from "#web/ui/badge.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { TestButton, TestResult, useLastTest } from "./provider-test.tsx"
import { providerTypes } from "./provider-types.ts"

const Active = ({ provider }: { provider: Provider }) =>
  provider.is_active ? (
    <StatusBadge tone="succeeded" icon={CircleCheck}>
      Active
    </StatusBadge>
  ) : (
    <StatusBadge tone="cancelled" icon={CirclePause}>
      Off
    </StatusBadge>
  )

function LastTest({ provider }: { provider: Provider }) {
  const result = useLastTest(provider.id)
  return result ? <TestResult result={result} /> : null
}

const Credentials = ({ provider }: { provider: Provider }) =>
  provider.api_credentials.set ? (
    <span className="font-mono text-sm text-muted">…{provider.api_credentials.hint?.replace("…", "")}</span>
  ) : (
    <span className="text-muted">
      {providerTypes[provider.provider_type].needsKey ? "Missing" : "None needed"}
    </span>
  )

export const providerColumns = (mayEdit: boolean): readonly Column<Provider>[] => [
  { id: "status", header: "Status", width: "5rem", cell: (provider) => <Active provider={provider} /> },
  {
    id: "name",
    header: "Name",
    width: "minmax(10rem, 1.2fr)",
    cell: (provider) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium" title={provider.name}>
          {provider.name}
        </span>
        {provider.is_default && <Badge tone="accent">Default</Badge>}
        {provider.provider_type === "builtin" && <Badge>No LLM</Badge>}
      </span>
    ),
  },
  {
    id: "type",
    header: "Type",
    width: "9rem",
    room: "wide",
    cell: (provider) => (
      <span className="truncate text-muted">{providerTypes[provider.provider_type].label}</span>
    ),
  },
  {
    id: "model",
    header: "Default model",
    width: "minmax(7rem, 0.8fr)",
    cell: (provider) => (
      <span className="truncate font-mono text-sm" title={provider.config.default_model}>
        {provider.config.default_model ?? <span className="font-sans text-muted">None</span>}
      </span>
    ),
  },
  {
    id: "key",
    header: "API key",
    width: "6.5rem",
    room: "wide",
    cell: (provider) => <Credentials provider={provider} />,
  },
  {
    id: "test",
    header: <span className="sr-only">Test</span>,
    width: mayEdit ? "minmax(5rem, 1.2fr)" : "0rem",
    align: "end",
    cell: (provider) =>
      mayEdit && (
        <span className="flex min-w-0 items-center gap-2">
          <LastTest provider={provider} />
          <TestButton provider={provider} />
        </span>
      ),
  },
]

/** Two lines for a phone. */
export const ProviderNarrow = ({ provider }: { provider: Provider }) => (
  <>
    <span className="flex items-center gap-2">
      <span className="truncate text-md font-medium">{provider.name}</span>
      {provider.is_default && <Badge tone="accent">Default</Badge>}
      {provider.provider_type === "builtin" && <Badge>No LLM</Badge>}
    </span>
    <span className="flex items-center gap-3 text-sm text-muted">
      <Active provider={provider} />
      <span className="truncate">
        {provider.config.default_model ?? providerTypes[provider.provider_type].label}
      </span>
    </span>
  </>
)
