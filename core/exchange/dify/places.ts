import { isJsonObject } from "#core/json"
import { textOf } from "../fields.ts"
import { javascript, jsonata, type Path } from "../words.ts"
import { classesOf } from "./classes.ts"
import type { Source } from "./source.ts"

/** Where a value stands: as an expression, and as JavaScript in the code of a step. */
export type Place = { expr: string; js?: string }

export const at = (path: Path): Place => ({ expr: jsonata(path), js: javascript("context", path) })

/** What the product itself says of an execution. */
export function system([name = "", ...rest]: string[]): Place | undefined {
  switch (name) {
    case "query":
    case "files":
      return at(["input", name, ...rest])
    case "workflow_run_id":
      return at(["execution", "id"])
    case "app_id":
    case "workflow_id":
      return at(["execution", "flow_id"])
    case "timestamp":
      return {
        expr: "$floor($toMillis(execution.now) / 1000)",
        js: "Math.floor(Date.parse(context.execution.now) / 1000)",
      }
    default:
      return undefined
  }
}

/** Where a variable of a step stands here; `isInside` when a frame's own step asks. */
export function placeIn(source: Source, selector: string[], isInside: boolean): Place | undefined {
  const [name = "", ...rest] = selector
  const own: Path = ["nodes", source.id]
  switch (source.kind) {
    case "start":
      // Older files have what was asked as a variable of the start: `["1711", "sys.query"]`.
      return selector.join(".").startsWith("sys.")
        ? system(selector.join(".").split(".").slice(1))
        : at(["input", ...selector])
    case "llm":
      if (name === "structured_output") return at([...own, ...rest])
      return name === "text" ? textOfModel(source, own) : undefined
    case "agent":
      return name === "text" ? at(own) : undefined
    case "template-transform":
    case "answer":
      return at(own)
    case "variable-aggregator":
    case "variable-assigner":
      return name === "output" && rest.length === 0 ? at(own) : at([...own, ...selector])
    case "parameter-extractor":
      if (name === "__is_success") return { expr: "1", js: "1" }
      return name === "__reason" ? { expr: '""', js: '""' } : at([...own, ...selector])
    case "http-request":
      if (name === "status_code") return at([...own, "status"])
      return name === "body" ? bodyAsText(own) : at([...own, ...selector])
    case "iteration":
      if (isInside) return name === "item" || name === "index" ? at([name, ...rest]) : undefined
      return listOf(source, own)
    case "loop":
      return isInside ? at(["index"]) : at([...own, ...selector])
    case "question-classifier":
      return classOf(source, own, name)
    default:
      return at([...own, ...selector])
  }
}

/** An object that fits a schema is also had as its text there. */
function textOfModel({ data }: Source, own: Path): Place {
  const { expr, js } = at(own)
  if (data["structured_output_enabled"] !== true) return { expr, js: js! }
  return { expr: `$string(${expr})`, js: `JSON.stringify(${js})` }
}

/** A body is always a text there. */
function bodyAsText(own: Path): Place {
  const body = at([...own, "body"])
  return {
    expr: `($type(${body.expr}) = "string" ? ${body.expr} : $string(${body.expr}))`,
    js: `(typeof ${body.js} === "string" ? ${body.js} : JSON.stringify(${body.js}))`,
  }
}

/** Dify makes one list of lists. */
function listOf({ isOfLists }: Source, own: Path): Place {
  const { expr, js } = at(own)
  return isOfLists ? { expr: `[$reduce(${expr}, $append)]`, js: `${js}?.flat()` } : { expr, js: js! }
}

/** Which class it was, by its name or its id there. */
function classOf({ data }: Source, own: Path, name: string): Place | undefined {
  if (name !== "class_name" && name !== "class_id") return undefined
  const names = Object.fromEntries(
    classesOf(data).map((one) => [one.id, name === "class_id" ? one.key : one.name]),
  )
  const chosen = at([...own, "class"])
  const table = JSON.stringify(names)
  return { expr: `$lookup(${table}, ${chosen.expr})`, js: `(${table})[${chosen.js}]` }
}

/** Whether what a step gives under a name is a list, as far as its file says. */
export function isList(data: Source["data"], kind: string, name: string): boolean {
  if (kind === "code") {
    const output = isJsonObject(data["outputs"]) ? data["outputs"][name] : undefined
    return isJsonObject(output) && textOf(output["type"]).startsWith("array")
  }
  if (kind !== "parameter-extractor" || !Array.isArray(data["parameters"])) return false
  return data["parameters"].some(
    (one) => isJsonObject(one) && one["name"] === name && textOf(one["type"]).startsWith("array"),
  )
}
