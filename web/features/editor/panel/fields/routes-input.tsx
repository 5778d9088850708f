import { useState, type ComponentProps } from "react"
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react"
import { isJsonObject, type Json } from "#core/json"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { useEditor } from "../../editor-context.ts"
import type { Route } from "../../model/document.ts"
import { freeName } from "../../model/names.ts"
import { idFromLabel, type RouteList } from "../../model/routes.ts"
import type { FaultAt } from "../use-faults.ts"
import { ExpressionInput } from "./expression-input.tsx"

type RoutesInputProps = {
  nodeId: string
  list: RouteList
  value: Json | undefined
  faultAt: FaultAt
  readOnly: boolean
}

type Words = { one: string; add: string; stem: string; note: string; earlier: string; later: string }

const words: Record<RouteList, Words> = {
  branches: {
    one: "Route",
    add: "Add a route",
    stem: "route",
    note: "When none is true, the route “else” is taken.",
    earlier: "Try earlier",
    later: "Try later",
  },
  classes: {
    one: "Class",
    add: "Add a class",
    stem: "class",
    note: "What fits none of them takes the route “else”.",
    earlier: "Move up",
    later: "Move down",
  },
  buttons: {
    one: "Button",
    add: "Add a button",
    stem: "button",
    note: "Each button is a route; so is “timeout”, when there is a time limit.",
    earlier: "Move up",
    later: "Move down",
  },
}

/** A route's field beside its name. */
const detail = { branches: "when", classes: "description", buttons: "label" } as const

const routesOf = (value: Json | undefined): Route[] =>
  (Array.isArray(value) ? value : [])
    .filter(isJsonObject)
    .map((route) => ({ ...route, id: typeof route["id"] === "string" ? route["id"] : "" }))

/** A node's named routes, in their order. A renamed route keeps its edges; those of a removed one go with it. */
export function RoutesInput({ nodeId, list, value, faultAt, readOnly }: RoutesInputProps) {
  const { commands } = useEditor()
  const routes = routesOf(value)
  const put = (next: Route[], renamed?: [string, string]) =>
    commands.setRoutes(nodeId, list, next, renamed && new Map([renamed]))
  const move = (from: number, to: number) => put(routes.toSpliced(from, 1).toSpliced(to, 0, routes[from]!))
  const { add, stem, note } = words[list]
  const taken = new Set([...routes.map((one) => one.id), "else", "error", "timeout", "out"])
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col gap-3">
        {routes.map((route, i) => (
          // A route's name is what is being typed here; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i} className="flex flex-col gap-2 border-l-2 pl-3">
            <RouteFields
              nodeId={nodeId}
              list={list}
              route={route}
              taken={taken}
              place={{ at: i, of: routes.length }}
              faultAt={(field) => faultAt(`${list}.${i}.${field}`)}
              onChange={(next) => put(routes.with(i, next), [route.id, next.id])}
              onMove={readOnly ? null : (by) => move(i, i + by)}
              onRemove={() => put(routes.toSpliced(i, 1))}
            />
          </li>
        ))}
      </ol>
      <p className="text-sm text-muted">{note}</p>
      {!readOnly && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => put([...routes, { id: freeName(stem, taken), [detail[list]]: "" }])}
        >
          <Plus aria-hidden />
          {add}
        </Button>
      )}
    </div>
  )
}

type RouteFieldsProps = {
  nodeId: string
  list: RouteList
  route: Route
  taken: ReadonlySet<string>
  place: { at: number; of: number }
  faultAt: (field: string) => string | undefined
  onChange: (route: Route) => void
  /** Null for those who only look. */
  onMove: ((by: number) => void) | null
  onRemove: () => void
}

function RouteFields(props: RouteFieldsProps) {
  const { list, route, place, faultAt, onChange, onMove } = props
  const label = `${words[list].one} ${place.at + 1}`
  if (list === "buttons") return <ButtonFields {...props} label={label} />
  return (
    <>
      <Field label={label} error={faultAt("id")} action={<Moves {...props} />}>
        <IdInput name={route.id} readOnly={onMove === null} onChange={(id) => onChange({ ...route, id })} />
      </Field>
      <Detail {...props} />
    </>
  )
}

const textIn = (route: Route, field: string): string => {
  const value = route[field]
  return typeof value === "string" ? value : ""
}

function Detail({ nodeId, list, route, faultAt, onChange, onMove }: RouteFieldsProps) {
  const field = detail[list]
  const value = textIn(route, field)
  const set = (next: string) => onChange({ ...route, [field]: next })
  const readOnly = onMove === null
  if (list === "branches") {
    return (
      <Field label="When" error={faultAt(field)}>
        <ExpressionInput
          nodeId={nodeId}
          bare
          value={value}
          readOnly={readOnly}
          placeholder='nodes.classify = "urgent"'
          onChange={set}
        />
      </Field>
    )
  }
  return (
    <Field label="What belongs here" note="optional" error={faultAt(field)}>
      <Textarea
        rows={1}
        className="min-h-8"
        value={value}
        readOnly={readOnly}
        placeholder="In the words that the model reads"
        onChange={(event) => set(event.target.value)}
      />
    </Field>
  )
}

type IdInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid" | "readOnly">

const IdInput = ({
  name,
  onChange,
  ...rest
}: IdInputProps & { name: string; onChange: (name: string) => void }) => (
  <Input
    {...rest}
    value={name}
    spellCheck={false}
    className="font-mono text-sm"
    onChange={(event) => onChange(event.target.value)}
  />
)

/** A button's label is what people see; the route is named after it until somebody names it otherwise. */
function ButtonFields({ label, ...props }: RouteFieldsProps & { label: string }) {
  const { route, taken, faultAt, onChange, onMove } = props
  const said = textIn(route, "label")
  const [follows, setFollows] = useState(
    /^button(_\d+)?$/.test(route.id) || route.id === idFromLabel(said, new Set()),
  )
  const others = new Set([...taken].filter((id) => id !== route.id))
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between">
        <h4 className="text-sm font-medium">{label}</h4>
        <Moves {...props} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)_7.5rem] gap-2">
        <Field label={<span className="font-normal text-muted">Says</span>} error={faultAt("label")}>
          <Input
            value={said}
            readOnly={onMove === null}
            onChange={(event) => {
              const next = event.target.value
              const id = follows ? idFromLabel(next, others) : null
              onChange({ ...route, label: next, id: id ?? route.id })
            }}
          />
        </Field>
        <Field label={<span className="font-normal text-muted">Route</span>} error={faultAt("id")}>
          <IdInput
            name={route.id}
            readOnly={onMove === null}
            onChange={(id) => {
              setFollows(false)
              onChange({ ...route, id })
            }}
          />
        </Field>
      </div>
    </div>
  )
}

function Moves({ list, route, place, onMove, onRemove }: RouteFieldsProps) {
  if (!onMove) return null
  const { one, earlier, later } = words[list]
  return (
    <span className="-my-1 flex">
      <IconButton label={earlier} size="sm" disabled={place.at === 0} onClick={() => onMove(-1)}>
        <ArrowUp />
      </IconButton>
      <IconButton label={later} size="sm" disabled={place.at === place.of - 1} onClick={() => onMove(1)}>
        <ArrowDown />
      </IconButton>
      <IconButton
        label={`Remove ${one.toLowerCase()} ${route.id}`}
        size="sm"
        disabled={place.of === 1}
        onClick={onRemove}
      >
        <Trash2 />
      </IconButton>
    </span>
  )
}
