import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { flowAnswerTitle } from "#core/llm/flow-prompt"
import { mostOperations, readOperation, type Proposed } from "./operation.ts"

const text = (description: string): JsonObject => ({ type: ["string", "null"], description })

const said = (description: string): JsonObject => ({ type: "string", description })

/**
 * What a model is to answer with. One flat shape for all changes, because many models cannot keep to a union; what each of
 * them needs is read afterwards, one by one, so that one bad change does not take the others with it.
 */
export const answerSchema: JsonObject = {
  title: flowAnswerTitle,
  type: "object",
  required: ["reply", "operations"],
  properties: {
    reply: said("One to three sentences for the person: what you propose and why, or what you need to know"),
    operations: {
      type: "array",
      items: {
        type: "object",
        required: ["op"],
        properties: {
          // No list of choices: one word that is wrong would else cost the whole answer.
          op: {
            type: "string",
            description:
              "One of add_node, connect, disconnect, set, rename, remove, move, put_inside, set_flow",
          },
          id: text("add_node: the new node's id, a name of letters, digits and _"),
          kind: text("add_node: one of the kinds"),
          label: text("add_node, rename: what people read on the node"),
          data: {
            type: ["object", "null"],
            description: "add_node: the node's fields, by its kind's schema",
          },
          inside: {
            type: ["string", "null"],
            description: "add_node, put_inside: the id of a map, loop or group; null takes it out",
          },
          from: text("connect, disconnect: the id of the node that the edge leaves"),
          to: text("connect, disconnect: the id of the node that it leads to"),
          route: text("connect, disconnect: the handle it leaves by, such as a branch's id; out if absent"),
          node: text("set, rename, remove, move, put_inside: the id of the node"),
          field: text(
            "set: a field of its data, dotted, such as prompt or retry.max_attempts; set_flow: name, description, input_schema or output_schema",
          ),
          value: { description: "set, set_flow: what the field becomes; null takes it away" },
          x: { type: ["number", "null"], description: "move: pixels from the left" },
          y: { type: ["number", "null"], description: "move: pixels from the top" },
        },
      },
    },
  },
}

export type Answer = { reply: string; proposed: Proposed[]; fault?: string }

const mostReply = 4_000

/** What a model has answered; `fault` says why nothing of it can be used. */
export function readAnswer(value: Json): Answer {
  const answer = isJsonObject(value) ? value : {}
  const reply = typeof answer["reply"] === "string" ? answer["reply"].slice(0, mostReply) : ""
  const operations = answer["operations"]
  if (!Array.isArray(operations))
    return { reply, proposed: [], fault: "The answer has no list of operations." }
  if (operations.length > mostOperations) {
    const fault = `The answer proposes ${operations.length} changes; ${mostOperations} are the most at once.`
    return { reply, proposed: [], fault }
  }
  return { reply, proposed: operations.map(readOperation) }
}

/** What of the reply a person may read already while the rest is being written, and how many changes have begun. */
export function heardSoFar(json: string): { reply: string; operations: number } {
  const [, heard = ""] = /"reply"\s*:\s*"((?:[^"\\]|\\.)*)/s.exec(json) ?? []
  const rest = json.slice(Math.max(0, json.indexOf('"operations"')))
  return { reply: unescaped(heard), operations: rest.match(/"op"\s*:/g)?.length ?? 0 }
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text.replace(/\\(?:u[\dA-Fa-f]{0,3})?$/, "")}"`) as string
  } catch {
    return ""
  }
}
