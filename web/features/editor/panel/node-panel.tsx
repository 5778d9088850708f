import { CircleAlert, Play, Trash2, TriangleAlert } from "lucide-react"
import { useState, type ReactNode } from "react"
import { Link } from "@tanstack/react-router"
import type { Finding, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { useAtomValue } from "#web/state/jotai.ts"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { useNodeRun } from "#web/flow/use-execution.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { FixButton } from "../bar/fix-button.tsx"
import { draftAtom, nodeAtom, nodeFindingsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { renameFault } from "../model/rename.ts"
import { panelFields, type PanelField } from "../model/schema-fields.ts"
import { runEntries } from "../start/run-menu.ts"
import { usePartRun, useStandsAlone } from "../start/use-run.ts"
import { Connections } from "./connections.tsx"
import { Section } from "./section.tsx"
import { InputBuilder } from "./input-builder.tsx"
import { FieldControl } from "./fields/field-control.tsx"
import { FrameField } from "./frame-field.tsx"
import { AgentSetup } from "./kinds/agent-setup.tsx"
import { CodeSetup } from "./kinds/code-setup.tsx"
import { CrewSetup } from "./kinds/crew-setup.tsx"
import { ForeignSetup } from "./kinds/foreign-setup.tsx"
import { HttpSetup, type SetupProps } from "./kinds/http-setup.tsx"
import { NoteSetup } from "./kinds/note-setup.tsx"
import { SubflowSetup } from "./kinds/subflow-setup.tsx"
import { ToolSetup } from "./kinds/tool-setup.tsx"
import { WaitSetup } from "./kinds/wait-setup.tsx"
import { PinSection } from "./pin-section.tsx"
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

/** Executes a part of the draft at this node. */
function RunMenu({ node }: { node: FlowNode }) {
  const entries = runEntries(usePartRun(), node, useStandsAlone(node.id))
  if (entries.length === 0) return null
  return (
    <Menu entries={entries} align="end">
      <IconButton label="Run at this step" size="sm" tooltip={false}>
        <Play />
      </IconButton>
    </Menu>
  )
}

function Heading({ node }: { node: FlowNode }) {
  const { commands, mayEdit, mayStart } = useEditor()
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
      {mayEdit && mayStart && <RunMenu node={node} />}
      {mayEdit && (
        <IconButton label="Delete node" keys="backspace" size="sm" onClick={() => commands.remove([node.id])}>
          <Trash2 />
        </IconButton>
      )}
    </header>
  )
}

/** Kinds whose panel is made by hand; of the others it is made from their schema. */
const setups: Record<string, (props: SetupProps) => ReactNode> = {
  agent: AgentSetup,
  code: CodeSetup,
  crew: CrewSetup,
  http: HttpSetup,
  wait: WaitSetup,
  subflow: SubflowSetup,
  tool: ToolSetup,
  note: NoteSetup,
  foreign: ForeignSetup,
}

function Setup({ node }: { node: FlowNode }) {
  const faultAt = useFaults(node.id)
  const { own, common } = panelFields(node.type)
  const isStrict = common.some(
    (field) => node.data[field.path] !== undefined || faultAt(field.path, "within") !== undefined,
  )
  const Own = setups[node.type] ?? FieldsSetup
  const isDrawnOnly = kindOf(node.type)?.act === "none"
  return (
    <>
      <div className="flex flex-col gap-2 px-3 pt-3 empty:hidden">
        <OpenFindings id={node.id} shown={[...own, ...common].map((field) => field.path)} />
      </div>
      <Own node={node} faultAt={faultAt} />
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
      {!isDrawnOnly && <PinSection key={node.id} node={node} />}
      <Section title={isDrawnOnly ? "Place" : "Name and place"} startsOpen={false}>
        {!isDrawnOnly && <NodeName key={node.id} node={node} />}
        <FrameField node={node} />
      </Section>
    </>
  )
}

/** The fields of a kind in the order of its schema; what fewer people set folds away. */
function FieldsSetup({ node, faultAt }: SetupProps) {
  const { own } = panelFields(node.type)
  const [primary, folded] = split(own, node.type)
  const control = (field: PanelField) => (
    <FieldControl key={`${node.id} ${field.path}`} node={node} field={field} faultAt={faultAt} />
  )
  return (
    <>
      <div className="flex flex-col gap-4 p-3 empty:hidden">
        {node.type === "input" && <InputBuilder />}
        {primary.map(control)}
      </div>
      {folded.map(({ title, fields }) => (
        <Section
          key={title}
          title={title}
          startsOpen={fields.some(({ path }) => node.data[path] !== undefined || faultAt(path, "within"))}
        >
          {fields.map(control)}
        </Section>
      ))}
    </>
  )
}

type Layout = { first: string[]; folded: Record<string, string[]> }

/** What most people set comes first: the prompt before the provider; fine tuning folds away. */
const layouts: Record<string, Layout> = {
  llm: {
    first: ["prompt", "system", "llm_provider_id", "model"],
    folded: { Advanced: ["output_schema", "temperature", "max_tokens"] },
  },
  classify: { first: ["text", "classes"], folded: { Model: ["llm_provider_id", "model"] } },
  approval: {
    first: ["title", "message", "buttons"],
    folded: { Form: ["form_schema"], "Who and how long": ["assignees", "by_others", "timeout_seconds"] },
  },
}

/** A field that no layout names yet stands with the first ones. */
function split(fields: readonly PanelField[], type: string) {
  const { first, folded } = layouts[type] ?? { first: [], folded: {} }
  const away = new Set(Object.values(folded).flat())
  const place = (field: PanelField) => (first.includes(field.path) ? first.indexOf(field.path) : first.length)
  const primary = fields.filter((field) => !away.has(field.path)).toSorted((a, b) => place(a) - place(b))
  const sections = Object.entries(folded).map(([title, paths]) => ({
    title,
    fields: paths.flatMap((path) => fields.find((field) => field.path === path) ?? []),
  }))
  return [primary, sections] as const
}

/** Findings that no field of the panel shows, such as an unreachable node. */
function OpenFindings({ id, shown }: { id: string; shown: readonly string[] }) {
  const open = useAtomValue(nodeFindingsAtom(id)).filter((one) => {
    const field = one.path?.split(".")[0]
    return field === undefined || !shown.includes(field)
  })
  return open.map((finding) => <OpenFinding key={`${finding.code} ${finding.message}`} finding={finding} />)
}

function OpenFinding({ finding }: { finding: Finding }) {
  const { code, severity, message } = finding
  return (
    <div className="flex flex-col items-start gap-1">
      <p className={severity === "error" ? "flex gap-1.5 text-failed" : "flex gap-1.5 text-waiting"}>
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
      <FixButton finding={finding} />
    </div>
  )
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
