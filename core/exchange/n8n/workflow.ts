import type { InputFault } from "#core/errors"
import { isJsonObject, type JsonObject } from "#core/json"
import { listOf, numberOf, objectOf, objectsOf, pointOf, textOf } from "../fields.ts"

/** A step of n8n, with what every step has. */
export type N8nNode = {
  name: string
  /** Without the name of its package. */
  kind: string
  type: string
  version: number
  position: { x: number; y: number }
  parameters: JsonObject
  said: JsonObject
}

/** A route: by which output it leaves, and where it leads. */
export type N8nRoute = { from: string; output: number; to: string; input: number; way: string }

export type Workflow = { name: string; nodes: N8nNode[]; routes: N8nRoute[]; lost: string[] }

const mostFaults = 50

/** Reads what of a file is the workflow; what is not of the right shape is said with its place. */
export function workflowOf(
  value: JsonObject,
): { ok: true; workflow: Workflow } | { ok: false; faults: InputFault[] } {
  const faults: InputFault[] = []
  const nodes: N8nNode[] = []
  const names = new Set<string>()
  const taken = new Set(
    objectsOf(value["nodes"]).flatMap((one) => (isNote(one) ? [] : [textOf(one["name"])])),
  )
  for (const [i, one] of listOf(value["nodes"]).entries()) {
    const at = `content.nodes.${i}`
    const fault = (path: string, message: string) => faults.push({ path: `${at}${path}`, message })
    if (!isJsonObject(one)) fault("", "A step is an object.")
    else if (isNote(one)) nodes.push(noteOf(one, taken, names))
    else if (typeof one["name"] !== "string" || one["name"] === "") fault(".name", "A step has a name.")
    else if (typeof one["type"] !== "string" || one["type"] === "") fault(".type", "A step has a type.")
    else if (one["parameters"] !== undefined && !isJsonObject(one["parameters"]))
      fault(".parameters", "Parameters are an object.")
    else if (names.has(one["name"])) fault(".name", `Two steps are called ${one["name"].slice(0, 100)}.`)
    else {
      names.add(one["name"])
      nodes.push(nodeOf(one, one["name"], one["type"]))
    }
  }
  if (listOf(value["nodes"]).length === 0)
    faults.push({ path: "content.nodes", message: "There are no steps in it." })
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, mostFaults) }
  return {
    ok: true,
    workflow: {
      name: textOf(value["name"]).trim(),
      nodes,
      ...routesOf(objectOf(value["connections"]), names),
    },
  }
}

const nodeOf = (said: JsonObject, name: string, type: string): N8nNode => ({
  name,
  type,
  kind: type.split(".").at(-1)!,
  version: numberOf(said["typeVersion"]) ?? 1,
  position: pointOf(said["position"]),
  parameters: objectOf(said["parameters"]),
  said,
})

const noteType = "n8n-nodes-base.stickyNote"
const isNote = (said: JsonObject): boolean =>
  said["type"] === noteType && isJsonObject(said["parameters"] ?? {})

/** A note on the canvas: nothing leads to it by its name, so one without a name, or with another's, gets its own. */
function noteOf(said: JsonObject, taken: ReadonlySet<string>, names: Set<string>): N8nNode {
  const stem = textOf(said["name"]) || "Sticky Note"
  let name = stem
  for (let n = 1; names.has(name) || taken.has(name); n++) name = `${stem}${n}`
  names.add(name)
  return nodeOf(said, name, noteType)
}

/** `connections` holds, for each step by its name and for each way, a list by output of lists of where it leads. */
function routesOf(
  connections: JsonObject,
  names: ReadonlySet<string>,
): { routes: N8nRoute[]; lost: string[] } {
  const routes: N8nRoute[] = []
  const lost: string[] = []
  for (const [from, ways] of Object.entries(connections)) {
    for (const [way, outputs] of Object.entries(objectOf(ways))) {
      for (const [output, targets] of listOf(outputs).entries()) {
        for (const { node, index } of objectsOf(targets)) {
          const to = textOf(node)
          if (names.has(from) && names.has(to))
            routes.push({ from, output, to, input: numberOf(index) ?? 0, way })
          else lost.push(`${from} → ${to}`)
        }
      }
    }
  }
  return { routes, lost }
}
