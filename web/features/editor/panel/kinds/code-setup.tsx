import { Play } from "lucide-react"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { useEditor } from "../../editor-context.ts"
import { usePartRun, useStandsAlone } from "../../start/use-run.ts"
import { SharedCode } from "../fields/shared-code.tsx"
import type { SetupProps } from "./http-setup.tsx"

/** A function of JavaScript: its text, what it is given, what holds for it, and a way to try it. */
export function CodeSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const source = typeof node.data["source"] === "string" ? node.data["source"] : ""
  const limit = node.data["timeout_ms"]
  return (
    <div className="flex flex-col gap-4 p-3">
      <Field label="Code" error={faultAt("source")} action={mayEdit && <Try id={node.id} />}>
        <SharedCode
          shared={{ node: node.id, field: "source" }}
          label="Code"
          language="javascript"
          value={source}
          readOnly={!mayEdit}
          lines={10}
          mostLines={24}
          onChange={(next) => commands.setField(node.id, "source", next)}
        />
      </Field>
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 gap-y-1.5 text-sm">
        {facts(typeof limit === "number" ? limit : undefined).map(([name, says]) => (
          <div key={name} className="contents">
            <dt className="font-mono">{name}</dt>
            <dd className="text-muted">{says}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

const facts = (limitMs: number | undefined): [name: string, says: string][] => [
  ["input", "What arrives from the step before; from several, an object with a value for each."],
  ["context", "What expressions see: context.nodes, context.input, context.item, context.vars."],
  ["return", "The output: anything that JSON can say. The function may be async."],
  ["console", "What it prints is in the step’s log, as it is written."],
  [
    "limits",
    `${limitMs === undefined ? "10 s, or the time limit below" : sayDuration(limitMs)}; no network, files or packages.`,
  ],
]

/** Executes this step alone, with what the last execution gave it. */
function Try({ id }: { id: string }) {
  const run = usePartRun()
  const { mayStart } = useEditor()
  const standsAlone = useStandsAlone(id)
  if (!mayStart || !standsAlone) return null
  return (
    <Button tone="ghost" size="sm" className="-my-1 h-6 px-1.5 text-sm" onClick={() => void run.only(id)}>
      <Play aria-hidden className="size-3.5" />
      Try
    </Button>
  )
}
