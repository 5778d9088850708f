import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react"
import { isJsonObject, type Json } from "#core/json"
import { Button, IconButton } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { useEditor } from "../../editor-context.ts"
import type { Branch } from "../../model/document.ts"
import { freeName } from "../../model/names.ts"
import { ExpressionInput } from "./expression-input.tsx"

type BranchesInputProps = {
  nodeId: string
  value: Json | undefined
  /** What is wrong at a dotted path of the node's data. */
  faultAt: (path: string) => string | undefined
  readOnly: boolean
}

const branchesOf = (value: Json | undefined): Branch[] =>
  (Array.isArray(value) ? value : []).filter(isJsonObject).map(({ id, when }) => ({
    id: typeof id === "string" ? id : "",
    when: typeof when === "string" ? when : "",
  }))

/** A condition's routes, tried from top to bottom. A renamed route keeps its edges; those of a removed one go with it. */
export function BranchesInput({ nodeId, value, faultAt, readOnly }: BranchesInputProps) {
  const { commands } = useEditor()
  const branches = branchesOf(value)
  const put = (next: Branch[], renamed?: [string, string]) =>
    commands.setBranches(nodeId, next, renamed && new Map([renamed]))
  const move = (from: number, to: number) => {
    const next = [...branches]
    next.splice(to, 0, ...next.splice(from, 1))
    put(next)
  }
  const add = () =>
    put([...branches, { id: freeName("route", new Set([...branches.map((one) => one.id), "else"])), when: "" }])
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col gap-3">
        {branches.map((branch, i) => (
          // A route's name is what is being typed here; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className="flex flex-col gap-2 border-l-2 pl-3">
            <Field
              label={`Route ${i + 1}`}
              error={faultAt(`branches.${i}.id`)}
              action={
                !readOnly && (
                  <span className="-my-1 flex">
                    <IconButton label="Try earlier" size="sm" disabled={i === 0} onClick={() => move(i, i - 1)}>
                      <ArrowUp />
                    </IconButton>
                    <IconButton label="Try later" size="sm" disabled={i === branches.length - 1} onClick={() => move(i, i + 1)}>
                      <ArrowDown />
                    </IconButton>
                    <IconButton
                      label={`Remove route ${branch.id}`}
                      size="sm"
                      disabled={branches.length === 1}
                      onClick={() => put(branches.toSpliced(i, 1))}
                    >
                      <Trash2 />
                    </IconButton>
                  </span>
                )
              }
            >
              <Input
                value={branch.id}
                readOnly={readOnly}
                spellCheck={false}
                className="font-mono text-sm"
                onChange={(event) => put(branches.with(i, { ...branch, id: event.target.value }), [branch.id, event.target.value])}
              />
            </Field>
            <Field label="When" error={faultAt(`branches.${i}.when`)}>
              <ExpressionInput
                nodeId={nodeId}
                bare
                value={branch.when}
                readOnly={readOnly}
                placeholder='nodes.classify = "urgent"'
                onChange={(when) => put(branches.with(i, { ...branch, when }))}
              />
            </Field>
          </li>
        ))}
      </ol>
      <p className="text-sm text-muted">When none is true, the route “else” is taken.</p>
      {!readOnly && (
        <Button size="sm" className="self-start" onClick={add}>
          <Plus aria-hidden />
          Add a route
        </Button>
      )}
    </div>
  )
}
