import type { JsonObject } from "#core/json"
import type { ModelCall } from "#core/llm/call"
import { flowAnswerTitle } from "#core/llm/flow-prompt"
import { clause } from "./flow-clauses.ts"
import { sceneOf } from "./flow-scene.ts"
import { tidy } from "./text.ts"

const whatItCan =
  "I am the builtin model, fixed rules and no language model, so I need plain sentences. I can add a node after, before or between others, connect and disconnect, remove, rename, replace, set a field, add a branch, group, move, retry and limit. For example: “Add a model that summarises the text after the input”, “Connect the yes branch of check to output”, “Set the temperature of draft to 0.2”."

const verbs =
  "add|insert|put|create|place|append|include|draw|connect|link|wire|join|lead|route|disconnect|unlink|detach|unplug|remove|delete|cut|drop|erase|get rid|take|rename|call|name|title|label|describe|set|change|make|turn|update|switch|replace|swap|exchange|group|frame|wrap|move|shift|push|retry|repeat|limit|time out|when|if|give|use"
const between = new RegExp(
  `(?:[;\\n]+|[.!?](?=\\s|$)|,?\\s+(?:and then|and also|then|and|but)\\s+(?=(?:also |please |then )?(?:${verbs})\\b)|,\\s+(?=(?:then |also )?(?:${verbs})\\b))`,
  "i",
)
const kept = /"[^"]*"|“[^”]*”|\{\{[\s\S]*?\}\}|`[^`]*`/g

/** Changes of a flow for a request in plain English, when a call asks for those; undefined for any other call. */
export function flowChanges({ messages, output_schema }: ModelCall): JsonObject | undefined {
  if (output_schema?.["title"] !== flowAnswerTitle) return undefined
  const found = sceneOf(messages)
  if (!found) return undefined
  const { request, scene } = found
  const unread: string[] = []
  for (const words of clausesOf(requestWords(request))) if (!clause(scene, words)) unread.push(words)
  const { operations, problems } = scene
  const said = [
    operations.length === 0
      ? ""
      : `I propose ${operations.length === 1 ? "one change" : `${operations.length} changes`}.`,
    ...new Set(problems),
    ...unread.map((words) => `I did not understand “${words.slice(0, 100)}”.`),
    operations.length === 0 || unread.length > 0 ? whatItCan : "",
  ]
  return { reply: said.filter(Boolean).join(" "), operations }
}

/** A request as its clauses are read: as long as people write, and without rows of spaces, which every wording would walk again. */
export const requestWords = (request: string): string =>
  tidy(request.slice(0, 4_000)).replace(/[^\S\n]{9,}/g, "        ")

/** A request in its clauses. What stands in quotes or braces is never cut. */
function clausesOf(request: string): string[] {
  const held: string[] = []
  const masked = request.replace(kept, (text) => `\u0001${held.push(text) - 1}\u0002`)
  const back = (text: string): string =>
    // oxlint-disable-next-line no-control-regex -- two signs that `tidy` leaves in no text
    text.replace(/\u0001(\d+)\u0002/g, (_, i: string) => held[Number(i)] ?? "")
  return masked.split(between).flatMap((part) => {
    const words = back(part ?? "").trim()
    return /\p{L}/u.test(words) ? [words] : []
  })
}
