import { useState } from "react"
import type { Json } from "#core/json"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useEditor } from "../../editor-context.ts"
import { asPathStep } from "../../model/expression-tokens.ts"
import { DurationInput } from "../fields/duration-input.tsx"
import { ExpressionInput } from "../fields/expression-input.tsx"
import { ToggleWay } from "../fields/toggle-way.tsx"
import type { SetupProps } from "./http-setup.tsx"

const ways = [
  { value: "duration", label: "Duration" },
  { value: "date", label: "Date" },
  { value: "call", label: "Call" },
] as const
type Way = (typeof ways)[number]["value"]

const wayOf = (data: SetupProps["node"]["data"]): Way =>
  data["callback"] === true ? "call" : data["until"] !== undefined ? "date" : "duration"

/** A rest for a time, until a date, or until somebody calls. */
export function WaitSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const way = wayOf(node.data)
  const change = (next: Way) =>
    commands.setFields(node.id, {
      callback: next === "call" ? true : undefined,
      until: next === "date" ? "" : undefined,
      seconds: next === "duration" ? 60 : undefined,
    })
  return (
    <div className="flex flex-col gap-4 p-3">
      {mayEdit && <Segments label="Wait for" segments={ways} value={way} onChange={change} />}
      {way === "duration" && <Seconds node={node} faultAt={faultAt} label="Wait for" />}
      {way === "date" && <Until node={node} faultAt={faultAt} />}
      {way === "call" && (
        <>
          <Address id={node.id} />
          <Seconds node={node} faultAt={faultAt} label="Give up after" optional />
        </>
      )}
    </div>
  )
}

/** A number with its unit, or an expression that makes a number of seconds. */
function Seconds({
  node,
  faultAt,
  label,
  optional = false,
}: SetupProps & { label: string; optional?: boolean }) {
  const { commands, mayEdit } = useEditor()
  const value = node.data["seconds"]
  const isText = typeof value === "string"
  const set = (next: Json | undefined) => commands.setField(node.id, "seconds", next)
  return (
    <Field
      label={label}
      {...(optional ? { note: "optional" } : {})}
      error={faultAt("seconds")}
      action={
        mayEdit && (
          <ToggleWay isText={isText} onToggle={() => set(isText ? (optional ? undefined : 60) : "{{  }}")} />
        )
      }
      help={
        isText
          ? "An expression that makes a number of seconds."
          : optional
            ? "The step fails when nobody has called by then. Without it, it waits as long as the execution may."
            : undefined
      }
    >
      {isText ? (
        <ExpressionInput nodeId={node.id} value={value} readOnly={!mayEdit} onChange={set} />
      ) : (
        <DurationInput
          value={typeof value === "number" ? value : undefined}
          unitMs={1_000}
          readOnly={!mayEdit}
          onChange={set}
        />
      )}
    </Field>
  )
}

/** `2027-01-31T09:00:00.000Z` as the browser's own field wants it, in the person's time zone; empty for anything else. */
function localOf(iso: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(iso) ? Date.parse(iso) : Number.NaN
  if (Number.isNaN(at)) return ""
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function Until({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const value = node.data["until"]
  const text = typeof value === "string" ? value : ""
  const [isText, setIsText] = useState(text !== "" && localOf(text) === "")
  const set = (next: string) => commands.setField(node.id, "until", next)
  return (
    <Field
      label="Wait until"
      error={faultAt("until")}
      action={mayEdit && <ToggleWay isText={isText} onToggle={() => setIsText(!isText)} />}
      help={
        isText
          ? "A date and time with its zone, such as 2027-01-31T09:00:00Z, or an expression that makes one."
          : "In your time zone. A date that is past by then is waited for not at all."
      }
    >
      {isText ? (
        <ExpressionInput nodeId={node.id} value={text} readOnly={!mayEdit} onChange={set} />
      ) : (
        <Input
          type="datetime-local"
          value={localOf(text)}
          readOnly={!mayEdit}
          onChange={({ target }) => set(target.value === "" ? "" : new Date(target.value).toISOString())}
        />
      )}
    </Field>
  )
}

/** The address as an expression: it is another one in each execution. */
function Address({ id }: { id: string }) {
  const expression = `{{ execution.callbacks.${asPathStep(id)} }}`
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-sm font-medium">Address to call</h3>
      <div className="flex items-center gap-1 rounded-md border border-line bg-sunken pl-2.5">
        <code className="min-w-0 flex-1 truncate font-mono text-sm">{expression}</code>
        <CopyButton text={expression} label="Copy the expression" />
      </div>
      <p className="text-sm text-muted">
        Send it to whoever shall call, from a step that comes before. A POST to it wakes the execution; its
        body becomes this step’s output.
      </p>
    </div>
  )
}
