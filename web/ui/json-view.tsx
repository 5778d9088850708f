import { ChevronRight } from "lucide-react"
import { useState } from "react"
import { cn } from "./cn.ts"
import { CopyButton } from "./copy-button.tsx"

type JsonViewProps = {
  value: unknown
  /** Names the value for those who do not see it. */
  label: string
  /** How many levels are open at first. */
  open?: number
  className?: string
}

/** A value as a tree to fold and copy. Long lists are opened in steps, so that a huge value stays quick. */
export function JsonView({ value, label, open = 2, className }: JsonViewProps) {
  return (
    <div className={cn("group/json relative min-w-0", className)}>
      <div className="absolute top-0 right-0 z-10 opacity-0 group-hover/json:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
        <CopyButton
          text={() => JSON.stringify(value, null, 2)}
          label={`Copy ${label}`}
          className="bg-surface"
        />
      </div>
      <div role="group" aria-label={label} className="overflow-x-auto font-mono text-sm leading-6">
        <Node value={value} open={open} last />
      </div>
    </div>
  )
}

type NodeProps = { name?: string; value: unknown; open: number; last: boolean }

function Node({ name, value, open, last }: NodeProps) {
  if (typeof value === "object" && value !== null) {
    return <Branch {...(name === undefined ? {} : { name })} value={value} open={open} last={last} />
  }
  return (
    <div className="pl-4">
      <Name name={name} />
      <Leaf value={value} />
      {!last && <span className="text-muted">,</span>}
    </div>
  )
}

const Name = ({ name }: { name: string | undefined }) =>
  name === undefined ? null : (
    <>
      <span className="text-ink">{name}</span>
      <span className="text-muted">: </span>
    </>
  )

const longString = 400

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false)
  if (typeof value === "string") {
    const cut = value.length > longString && !whole
    return (
      <span className="break-words whitespace-pre-wrap text-kind-data">
        {JSON.stringify(cut ? value.slice(0, longString) : value)}
        {cut && (
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="focus-ring ml-1 rounded-sm text-accent-ink hover:underline"
          >
            {(value.length - longString).toLocaleString("en")} more characters
          </button>
        )}
      </span>
    )
  }
  const tone =
    typeof value === "number"
      ? "text-kind-agent"
      : typeof value === "boolean"
        ? "text-kind-model"
        : "text-muted"
  return <span className={cn("tabular", tone)}>{String(value)}</span>
}

const page = 100

function Branch({ name, value, open, last }: NodeProps & { value: object }) {
  const [isOpen, setOpen] = useState(open > 0)
  const [shown, setShown] = useState(page)
  const isList = Array.isArray(value)
  const entries: [string | undefined, unknown][] = isList
    ? value.map((item): [undefined, unknown] => [undefined, item])
    : Object.entries(value)
  const [left, right] = isList ? ["[", "]"] : ["{", "}"]
  const comma = last ? "" : ","
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        <Name name={name} />
        <span className="text-muted">{`${left}${right}${comma}`}</span>
      </div>
    )
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="focus-ring flex items-center rounded-sm text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn(
            "mr-0.5 size-3.5 text-muted transition-transform duration-[120ms]",
            isOpen && "rotate-90",
          )}
        />
        <span>
          <Name name={name} />
          <span className="text-muted">
            {isOpen ? left : `${left} ${entries.length} ${isList ? "items" : "fields"} ${right}${comma}`}
          </span>
        </span>
      </button>
      {isOpen && (
        <>
          <div className="ml-[0.4375rem] border-l border-line pl-2">
            {entries.slice(0, shown).map(([key, item], index) => (
              <Node
                key={key ?? index}
                {...(key === undefined ? {} : { name: key })}
                value={item}
                open={open - 1}
                last={index === entries.length - 1}
              />
            ))}
            {shown < entries.length && (
              <button
                type="button"
                onClick={() => setShown(shown + page * 5)}
                className="focus-ring ml-4 rounded-sm text-accent-ink hover:underline"
              >
                {(entries.length - shown).toLocaleString("en")} more
              </button>
            )}
          </div>
          <div className="pl-4 text-muted">{`${right}${comma}`}</div>
        </>
      )}
    </div>
  )
}
