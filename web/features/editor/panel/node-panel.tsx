import { Trash2, TriangleAlert, CircleAlert } from "lucide-react"
import { useState } from "react"
import { Link } from "@tanstack/react-router"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { useAtomValue } from "#web/state/jotai.ts"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { useNodeRun } from "#web/flow/use-execution.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { draftAtom, nodeAtom, nodeFindingsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { renameFault } from "../model/rename.ts"
import { panelFields } from "../model/schema-fields.ts"
import { Connections } from "./connections.tsx"
import { Section } from "./section.tsx"
import { InputBuilder } from "./input-builder.tsx"
import { FieldControl } from "./fields/field-control.tsx"
import { SetupAndResult } from "./setup-and-result.tsx"
import { StepResult } from "./step-result.tsx"
import { useFaults } from "./use-faults.ts"

/** Everything about one node: what it is called, what it does, where it leads, and what it did in the watched execution. */
export function NodePanel({ id }: { id: string }) {
  const node = useAtomValue(nodeAtom(id))
  const run = useNodeRun(id)
  if (!node) return null
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-panel>
      <Heading node={node} />
      <SetupAndResult
        what="Node"
        setup={<Setup node={node} />}
        result={<StepResult node={node} run={run} />}
      />
    </div>
  )
}

function Heading({ node }: { node: FlowNode }) {
  const { commands, mayEdit } = useEditor()
  const kind = kindOf(node.type)
  return (
    <header className="flex items-center gap-2.5 px-3 py-2.5">
      <KindTile type={node.type} />
      <div className="min-w-0 flex-1">
        <input
          aria-label="Title"
          value={node.label ?? ""}
          placeholder={kind?.title ?? node.type}
          maxLength={200}
          readOnly={!mayEdit}
          onChange={(event) => commands.setLabel(node.id, event.target.value)}
          className="focus-ring -mx-1 w-full truncate rounded-sm bg-transparent px-1 text-md font-semibold placeholder:text-ink hover:bg-hover read-only:hover:bg-transparent"
        />
        <p className="truncate text-sm text-muted">
          {kind?.summary ?? `This installation has no node kind ${node.type}.`}
        </p>
      </div>
      {mayEdit && (
        <IconButton label="Delete node" keys="backspace" size="sm" onClick={() => commands.remove([node.id])}>
          <Trash2 />
        </IconButton>
      )}
    </header>
  )
}

function Setup({ node }: { node: FlowNode }) {
  const faultAt = useFaults(node.id)
  const { own, common } = panelFields(node.type)
  const isStrict = common.some(
    (field) => node.data[field.path] !== undefined || faultAt(field.path, "within") !== undefined,
  )
  const [primary, advanced] = split(own, node)
  return (
    <>
      <div className="flex flex-col gap-4 p-3">
        <OpenFindings id={node.id} shown={[...own, ...common].map((field) => field.path)} />
        {primary.map((field) => (
          <FieldControl key={`${node.id} ${field.path}`} node={node} field={field} faultAt={faultAt} />
        ))}
        {node.type === "input" && <InputBuilder />}
      </div>
      {advanced.length > 0 && (
        <Section title="Advanced" startsOpen={advanced.some((field) => node.data[field.path] !== undefined)}>
          {advanced.map((field) => (
            <FieldControl key={`${node.id} ${field.path}`} node={node} field={field} faultAt={faultAt} />
          ))}
        </Section>
      )}
      <Connections node={node} />
      {common.length > 0 && (
        <Section title="Errors and retries" startsOpen={isStrict}>
          {common
            .filter((field) => field.path !== "error_value" || node.data["on_error"] === "continue")
            .map((field) => (
              <FieldControl key={`${node.id} ${field.path}`} node={node} field={field} faultAt={faultAt} />
            ))}
        </Section>
      )}
      <Section title="Name in expressions" startsOpen={false}>
        <NodeName key={node.id} node={node} />
      </Section>
    </>
  )
}

/** What most people set comes first: the prompt before the provider; fine tuning folds away. */
function split(fields: ReturnType<typeof panelFields>["own"], node: FlowNode) {
  if (node.type !== "llm") return [fields, []] as const
  const rank = ["prompt", "system", "llm_provider_id", "model"]
  const primary = rank.flatMap((path) => fields.find((field) => field.path === path) ?? [])
  return [primary, fields.filter((field) => !rank.includes(field.path))] as const
}

/** Findings that no field of the panel shows, such as an unreachable node. */
function OpenFindings({ id, shown }: { id: string; shown: readonly string[] }) {
  const open = useAtomValue(nodeFindingsAtom(id)).filter((one) => {
    const field = one.path?.split(".")[0]
    return field === undefined || !shown.includes(field)
  })
  return open.map(({ code, severity, message }) => (
    <p
      key={`${code} ${message}`}
      className={severity === "error" ? "flex gap-1.5 text-failed" : "flex gap-1.5 text-waiting"}
    >
      {severity === "error" ? (
        <CircleAlert aria-hidden className="mt-0.5" />
      ) : (
        <TriangleAlert aria-hidden className="mt-0.5" />
      )}
      <span className="min-w-0">
        {message}
        {code.startsWith("provider.") && (
          <>
            {" "}
            <Link to="/models" className="underline">
              Open models
            </Link>
          </>
        )}
      </span>
    </p>
  ))
}

/** A node's id is its name in expressions; it changes on Enter or when the field is left, so that references follow once. */
function NodeName({ node }: { node: FlowNode }) {
  const { commands, mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  const [typed, setTyped] = useState(node.id)
  const fault = renameFault(draft, node.id, typed)
  const rename = () => (fault === null ? commands.rename(node.id, typed) : setTyped(node.id))
  return (
    <Field
      label="Name"
      error={fault ?? undefined}
      help={
        <>
          Other nodes read its output as <code className="font-mono">nodes.{node.id}</code>; they follow a new
          name.
        </>
      }
    >
      <Input
        value={typed}
        readOnly={!mayEdit}
        spellCheck={false}
        className="font-mono text-sm"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === "Enter") rename()
          else if (event.key === "Escape") setTyped(node.id)
        }}
      />
    </Field>
  )
}
