import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react"
import { isJsonObject, type Json } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { useEditor } from "../../editor-context.ts"
import { freeName } from "../../model/names.ts"
import type { FaultAt } from "../use-faults.ts"
import { ExpressionInput } from "./expression-input.tsx"

type Branch = { id: string; when: string }

type BranchesInputProps = {
  nodeId: string
  value: Json | undefined
  faultAt: FaultAt
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
    commands.setRoutes(nodeId, "branches", next, renamed && new Map([renamed]))
  const move = (from: number, to: number) => {
    const next = branches.toSpliced(from, 1)
    put(next.toSpliced(to, 0, branches[from]!))
  }
  const add = () =>
    put([
      ...branches,
      { id: freeName("route", new Set([...branches.map((one) => one.id), "else"])), when: "" },
    ])
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col gap-3">
        {branches.map((branch, i) => (
          // A route's name is what is being typed here; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className="flex flex-col gap-2 border-l-2 pl-3">
            <BranchFields
              nodeId={nodeId}
              branch={branch}
              place={{ at: i, of: branches.length }}
              faults={{ id: faultAt(`branches.${i}.id`), when: faultAt(`branches.${i}.when`) }}
              onChange={(next) => put(branches.with(i, next), [branch.id, next.id])}
              onMove={readOnly ? null : (by) => move(i, i + by)}
              onRemove={() => put(branches.toSpliced(i, 1))}
            />
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

type BranchFieldsProps = {
  nodeId: string
  branch: Branch
  place: { at: number; of: number }
  faults: { id: string | undefined; when: string | undefined }
  onChange: (branch: Branch) => void
  /** Null for those who only look. */
  onMove: ((by: number) => void) | null
  onRemove: () => void
}

function BranchFields({ nodeId, branch, place, faults, onChange, onMove, onRemove }: BranchFieldsProps) {
  const readOnly = onMove === null
  return (
    <>
      <Field
        label={`Route ${place.at + 1}`}
        error={faults.id}
        action={
          onMove && (
            <span className="-my-1 flex">
              <IconButton label="Try earlier" size="sm" disabled={place.at === 0} onClick={() => onMove(-1)}>
                <ArrowUp />
              </IconButton>
              <IconButton
                label="Try later"
                size="sm"
                disabled={place.at === place.of - 1}
                onClick={() => onMove(1)}
              >
                <ArrowDown />
              </IconButton>
              <IconButton
                label={`Remove route ${branch.id}`}
                size="sm"
                disabled={place.of === 1}
                onClick={onRemove}
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
          onChange={(event) => onChange({ ...branch, id: event.target.value })}
        />
      </Field>
      <Field label="When" error={faults.when}>
        <ExpressionInput
          nodeId={nodeId}
          bare
          value={branch.when}
          readOnly={readOnly}
          placeholder='nodes.classify = "urgent"'
          onChange={(when) => onChange({ ...branch, when })}
        />
      </Field>
    </>
  )
}
