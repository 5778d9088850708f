import { useEffect, useState } from "react"
import type { Scope } from "#core/flow/expression/template"
import type { Json, JsonObject } from "#core/json"
import { useWatched } from "#web/flow/use-execution.ts"
import { useStore } from "#web/state/jotai.ts"
import { cn } from "#web/ui/cn.ts"
import { useSettled } from "#web/ui/use-settled.ts"
import { draftAtom } from "../../atoms.ts"
import type { DataSource } from "../../model/data-sources.ts"
import type { Preview } from "../../model/preview.ts"
import { useDataSources } from "../use-data-sources.ts"

type ExpressionPreviewProps = { nodeId: string | null; value: string; bare: boolean }

/** What a field comes to on the data of the watched execution; nothing while none is watched or nothing is to be evaluated. */
export function ExpressionPreview(props: ExpressionPreviewProps) {
  const watched = useWatched()
  const isExpression = props.bare ? props.value.trim() !== "" : props.value.includes("{{")
  return watched && isExpression ? <Shown {...props} /> : null
}

function Shown({ nodeId, value, bare }: ExpressionPreviewProps) {
  const text = useSettled(value)
  const store = useStore()
  const sources = useDataSources(nodeId)
  const [preview, setPreview] = useState<{ of: string; says: Preview; words: string } | null>(null)
  useEffect(() => {
    let isOver = false
    const look = async () => {
      // The evaluator is fetched when the first field has something to show.
      const { previewOf, sayValue } = await import("../../model/preview.ts")
      const nodes = store.get(draftAtom).nodes.map(({ id }) => id)
      const says = await previewOf(text, bare, scopeOf(sources(), nodes))
      const words = says.is === "value" ? sayValue(says.value) : says.message
      if (!isOver) setPreview({ of: text, says, words })
    }
    void look()
    return () => {
      isOver = true
    }
  }, [text, bare, sources, store])
  if (preview?.of !== value) return null
  const isNothing = preview.says.is === "value" && preview.says.value === undefined
  return (
    <p
      data-preview
      title={preview.words}
      className={cn(
        "mt-1 line-clamp-3 font-mono text-sm break-words",
        preview.says.is === "fault" || isNothing ? "text-muted" : "text-soft",
      )}
    >
      <span className="text-muted">= </span>
      {preview.words}
    </p>
  )
}

/** What was seen of each source, as an expression sees it. */
function scopeOf(sources: readonly DataSource[], nodeIds: readonly string[]): Scope {
  const nodes: JsonObject = {}
  const scope: Scope = { input: {}, nodes, execution: {}, vars: {} }
  const known = new Set(nodeIds)
  for (const { id, references } of sources) {
    const [whole] = references
    const sample: Json | undefined = whole?.sample
    if (sample === undefined) continue
    if (id === "input") scope.input = sample
    else if (whole?.path === "item") scope.item = sample
    else if (whole?.path === "state") scope.state = sample
    else if (known.has(id)) nodes[id] = sample
  }
  if (scope.item !== undefined || scope.state !== undefined) scope.index = 0
  return scope
}
