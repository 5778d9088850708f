import { TriangleAlert } from "lucide-react"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { PrefixField } from "./prefix-field.tsx"

/** What holds for all tools of a server. */
export type McpSettings = { prefix: string; isTrusted: boolean }

type McpSettingsProps = {
  url: string
  /** The server has more tools than were listed. */
  isCut: boolean
  value: McpSettings
  onChange: (change: Partial<McpSettings>) => void
}

export const McpSettingsPanel = ({ url, isCut, value, onChange }: McpSettingsProps) => (
  <div className="flex flex-col gap-5">
    <header>
      <h2 className="font-semibold break-all">{URL.canParse(url) ? new URL(url).host : url}</h2>
      <p className="font-mono text-sm break-all text-muted">{url}</p>
    </header>
    {isCut && (
      <p className="flex items-start gap-2 text-waiting">
        <TriangleAlert aria-hidden className="mt-0.5 size-3.5" />
        The server has more tools than are listed here.
      </p>
    )}
    <PrefixField value={value.prefix} onChange={(prefix) => onChange({ prefix })} />
    <SwitchLine
      label="I trust this server"
      help={
        value.isTrusted
          ? "What it says of the harm that its tools do is believed: those that only read are called without asking, and calls that do no harm twice are repeated after a crash."
          : "Whatever it says of them, each tool counts as acting outside, and a person is asked before every call. You can settle it for each of them."
      }
      checked={value.isTrusted}
      onCheckedChange={(isTrusted) => onChange({ isTrusted })}
    />
  </div>
)
