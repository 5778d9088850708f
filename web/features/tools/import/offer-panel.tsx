import { CircleSlash, Info, X } from "lucide-react"
import { useId, type ReactNode } from "react"
import { Risk } from "#core/tool/tool"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { CheckboxLine, SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { Select } from "#web/ui/select.tsx"
import { Method } from "./offer-columns.tsx"
import type { Offer, OfferRow, Remark, Settled } from "./offer.ts"
import { sayPointer } from "./pointer.ts"

type OfferPanelProps = {
  row: OfferRow
  onTick: () => void
  onSettle: (change: Settled) => void
  /** Absent where the frame around it has a way out of its own. */
  onClose?: (() => void) | undefined
}

/** One offer: whether it is taken, what it is called, how careful one is with it, and what it lacks. */
export function OfferPanel({ row, onTick, onSettle, onClose }: OfferPanelProps) {
  const { offer } = row
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-4">
      <header className="flex items-start gap-2">
        <h2 id={id} className="min-w-0 flex-1 pt-1 font-mono text-sm break-all">
          {offer.method !== undefined && <Method method={offer.method} className="mr-2" />}
          {offer.place}
        </h2>
        {onClose && (
          <IconButton label="Close" keys="esc" size="sm" onClick={onClose}>
            <X />
          </IconButton>
        )}
      </header>
      {offer.tool === null ? (
        <Remarks title="Why it cannot be a tool" icon={CircleSlash} remarks={offer.problems} />
      ) : (
        <Settings row={row} onTick={onTick} onSettle={onSettle} />
      )}
      <About offer={offer} />
      <Remarks title="What it does without" icon={Info} remarks={offer.notes} />
    </section>
  )
}

type SettingsProps = Pick<OfferPanelProps, "row" | "onTick" | "onSettle">

const Settings = ({ row, onTick, onSettle }: SettingsProps) => (
  <>
    <CheckboxLine label="Make a tool of it" checked={row.isChosen} onCheckedChange={onTick} />
    <Field label="Name" error={row.fault} help="What a model calls it.">
      <Input
        spellCheck={false}
        maxLength={63}
        className="font-mono text-sm"
        value={row.name}
        onChange={({ target }) => onSettle({ name: target.value })}
      />
    </Field>
    <Field label="Risk" help={risks[row.risk].help}>
      <Select
        value={row.risk}
        options={Risk.options.map((risk) => ({ value: risk, label: risks[risk].word }))}
        onChange={(risk) => onSettle({ risk: Risk.parse(risk) })}
      />
    </Field>
    <SwitchLine
      label="Ask a person first"
      help="Before every call somebody sees its arguments and accepts or refuses it."
      checked={row.needsApproval}
      onCheckedChange={(needs_approval) => onSettle({ needs_approval })}
    />
  </>
)

/** What the document or the server says of it. */
function About({ offer: { tool, title, tags, security, schema, hints, deprecated } }: { offer: Offer }) {
  const names = tool?.arguments ?? []
  return (
    <>
      {deprecated && <p className="text-waiting">It is deprecated: its makers want it to be used no more.</p>}
      {(tool?.description || title) && (
        <Part title="Description">
          <p className="prose-width break-words whitespace-pre-wrap text-soft">
            {tool?.description || title}
          </p>
        </Part>
      )}
      {schema === null && names.length > 0 && (
        <Part title="Arguments">
          <p className="font-mono text-sm break-words">{names.join(", ")}</p>
        </Part>
      )}
      {schema !== null && (
        <Part title="Arguments">
          <div className="max-h-80 overflow-auto rounded-md border border-line bg-sunken px-2 py-1.5">
            <JsonView value={schema} label="Arguments" open={4} />
          </div>
        </Part>
      )}
      {security.length > 0 && (
        <Part title="Asks for">
          <p className="break-words">{saySecurity(security)}</p>
        </Part>
      )}
      {tags.length > 0 && (
        <Part title="Headings">
          <p className="break-words">{tags.join(", ")}</p>
        </Part>
      )}
      {hints && (
        <Part title="What its server says of it">
          <p className="break-words">{sayHints(hints)}</p>
        </Part>
      )}
    </>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-1">
    <h3 className="text-sm font-medium text-muted">{title}</h3>
    {children}
  </div>
)

/** "token, or key and user"; nothing at all is an alternative too. */
export const saySecurity = (alternatives: Offer["security"]): string =>
  alternatives.map((one) => (one.length === 0 ? "nothing" : one.join(" and "))).join(", or ")

const sayHints = ({ read_only, destructive, idempotent }: NonNullable<Offer["hints"]>): string =>
  [
    read_only ? "It only reads." : "It changes something.",
    destructive ? "What it does may destroy." : "",
    idempotent && !read_only ? "Twice is the same as once." : "",
  ]
    .filter(Boolean)
    .join(" ")

type RemarksProps = { title: string; icon: typeof Info; remarks: readonly Remark[] }

function Remarks({ title, icon: Icon, remarks }: RemarksProps) {
  if (remarks.length === 0) return null
  return (
    <Part title={title}>
      <ul className="flex flex-col gap-1.5">
        {remarks.map(({ at, message }, i) => (
          <li key={i} className="flex items-start gap-1.5">
            <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0 text-muted" />
            <span className="min-w-0 break-words">
              {message}
              {at !== undefined && <span className="block text-sm text-muted">{sayPointer(at)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}
