import type { FlowNode } from "#core/flow/graph"
import { nodeStatusLook } from "#web/flow/status.tsx"
import { placeIn, splitKey } from "#web/flow/scope-path.ts"
import { useLive, useScopeView, useWatched } from "#web/flow/use-execution.ts"
import { useAtom } from "#web/state/jotai.ts"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { chosenScopeAtom } from "../atoms.ts"

const mostShown = 500

/** Which iteration of a map or loop is looked at, on the canvas and here; nothing for steps of the flow's own level. */
export function IterationChoice({ node }: { node: FlowNode }) {
  const live = useWatched()
  const view = useScopeView()
  const [chosen, choose] = useAtom(chosenScopeAtom)
  const place = placeIn({ ...view, chosen: "" }, node.id)
  const count = useLive(live, (one) => one.steps.group(place)?.total) ?? 0
  if (!live || place === node.id || count === 0) return null
  const keys = [...live.steps.keysAt(place)].slice(0, mostShown)
  const scopes = keys.map((key) => splitKey(key).scope)
  const current = scopes.find((scope) => scope === chosen) ?? ""
  return (
    <Field
      label="Iteration"
      {...(count > mostShown ? { help: "The first 500. The execution's page has all." } : {})}
    >
      <Select
        value={current}
        onChange={choose}
        options={[
          { value: "", label: `All ${count.toLocaleString("en")} together` },
          ...keys.map((key, i) => {
            const run = live.node(key)
            return {
              value: scopes[i]!,
              label: `${sayScope(scopes[i]!)}${run ? `: ${nodeStatusLook[run.status].word.toLowerCase()}` : ""}`,
            }
          }),
        ]}
      />
    </Field>
  )
}

/** `each[3]/again[0]` reads "each 4, again 1": people count from one. */
const sayScope = (scope: string): string =>
  scope
    .split("/")
    .map((part) => part.replace(/\[(\d+)\]$/, (_all, index: string) => ` ${Number(index) + 1}`))
    .join(", ")
