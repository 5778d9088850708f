import { ArrowRight, X } from "lucide-react"
import { sourceHandle, type FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { useAtomValue } from "#web/state/jotai.ts"
import { handlesOf } from "#web/flow/geometry.ts"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { nestingOf } from "#web/flow/nesting.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Select } from "#web/ui/select.tsx"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { Section } from "./section.tsx"

/** Where a node leads, handle by handle: edges without a mouse. */
export function Connections({ node }: { node: FlowNode }) {
  const { commands, mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  const handles = handlesOf(node)
  const nesting = nestingOf(draft.nodes)
  const holder = nesting.holder(node.id)
  const targets = draft.nodes.filter(
    (one) =>
      one.id !== node.id && kindOf(one.type)?.takesInput !== false && nesting.holder(one.id) === holder,
  )
  const ways = handles.flatMap((handle) => {
    const edges = draft.edges.filter((edge) => edge.source === node.id && sourceHandle(edge) === handle.id)
    const open = targets.filter((one) => !edges.some((edge) => edge.target === one.id))
    const isQuiet = handle.id === "error" && edges.length === 0 && node.data["on_error"] !== "route"
    return isQuiet || edges.length + open.length === 0 ? [] : [{ handle, edges, open }]
  })
  if (ways.length === 0) return null
  return (
    <Section title="Leads to">
      {ways.map(({ handle, edges, open }) => {
        const way = handles.length > 1 ? handle.label : "Output"
        return (
          <div key={handle.id} className="flex flex-col gap-1">
            {handles.length > 1 && <h4 className="text-sm text-muted">{handle.label}</h4>}
            <ul>
              {edges.map((edge) => {
                const target = draft.nodes.find((one) => one.id === edge.target)
                return (
                  <li key={edge.id} className="flex h-8 items-center gap-2 pointer-coarse:h-11">
                    <ArrowRight aria-hidden className="size-3.5 text-muted" />
                    <button
                      type="button"
                      onClick={() => commands.select([edge.target])}
                      className="focus-ring flex min-w-0 flex-1 items-center gap-2 rounded-sm text-left hover:underline"
                    >
                      {target && <KindTile type={target.type} size="sm" />}
                      <span className="truncate">{target ? titleOf(target) : edge.target}</span>
                      {target && titleOf(target) !== target.id && (
                        <span className="truncate font-mono text-sm text-muted">{target.id}</span>
                      )}
                    </button>
                    {mayEdit && (
                      <IconButton
                        label={`Disconnect ${target ? titleOf(target) : edge.target}`}
                        size="sm"
                        onClick={() => {
                          commands.remove([], [edge.id])
                          commands.select([node.id])
                        }}
                      >
                        <X />
                      </IconButton>
                    )}
                  </li>
                )
              })}
            </ul>
            {mayEdit && open.length > 0 && (
              <Select
                aria-label={`Connect ${way} to`}
                value=""
                onChange={(target) => commands.connect({ source: node.id, target, source_handle: handle.id })}
                options={[
                  { value: "", label: "Connect to…" },
                  ...open.map((one) => ({
                    value: one.id,
                    label: titleOf(one) === one.id ? one.id : `${titleOf(one)} (${one.id})`,
                  })),
                ]}
              />
            )}
          </div>
        )
      })}
    </Section>
  )
}
