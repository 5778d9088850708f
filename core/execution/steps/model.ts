import { resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { ClassifyData } from "#core/flow/kinds/classify"
import { elseHandle } from "#core/flow/kinds/condition"
import { LlmData } from "#core/flow/kinds/llm"
import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import type { ModelCall } from "#core/llm/call"

/** What a model step asks for, with every expression resolved. */
export type ModelStep = {
  provider_id: string | undefined
  model: string | undefined
  call: Omit<ModelCall, "model">
  /** What the journal and the inspector keep. */
  shown: JsonObject
}

/** Resolves what a model is asked. */
export const modelStep = (node: FlowNode, scope: Scope): Promise<ModelStep> =>
  node.type === "classify" ? classifyStep(node, scope) : llmStep(node, scope)

async function llmStep(node: FlowNode, scope: Scope): Promise<ModelStep> {
  const data = LlmData.parse(node.data)
  const prompt = asText(await resolveTemplate(data.prompt, scope))
  const system = data.system === undefined ? undefined : asText(await resolveTemplate(data.system, scope))
  const call = {
    messages: [
      ...(system ? [{ role: "system" as const, content: system }] : []),
      { role: "user" as const, content: prompt },
    ],
    ...(data.temperature === undefined ? {} : { temperature: data.temperature }),
    ...(data.max_tokens === undefined ? {} : { max_tokens: data.max_tokens }),
    ...(data.output_schema === undefined ? {} : { output_schema: data.output_schema }),
  }
  const shown: JsonObject = { prompt, ...(system === undefined ? {} : { system }) }
  return { provider_id: data.llm_provider_id, model: data.model, call, shown }
}

/** The classes are an enumeration in the answer's schema, so that a model cannot name another. */
async function classifyStep(node: FlowNode, scope: Scope): Promise<ModelStep> {
  const { classes, text, llm_provider_id, model } = ClassifyData.parse(node.data)
  const given = asText(await resolveTemplate(text, scope))
  const system = [
    "Choose the class that the text belongs to.",
    ...classes.map(({ id, description }) => `- ${id}${description ? `: ${description}` : ""}`),
    `- ${elseHandle.id}: none of these`,
  ].join("\n")
  return {
    provider_id: llm_provider_id,
    model,
    call: {
      messages: [
        { role: "system", content: system },
        { role: "user", content: given },
      ],
      temperature: 0,
      output_schema: {
        type: "object",
        properties: {
          class: {
            type: "string",
            enum: [...classes.map(({ id }) => id), elseHandle.id],
            description: system,
          },
        },
        required: ["class"],
        additionalProperties: false,
      },
    },
    shown: { text: given, classes: classes.map(({ id }) => id) },
  }
}

/** The handle that a model's answer leads to. */
export function modelHandle(node: FlowNode, answer: Json): string {
  if (node.type !== "classify") return "out"
  const chosen = isJsonObject(answer) ? answer["class"] : undefined
  return ClassifyData.parse(node.data).classes.some(({ id }) => id === chosen)
    ? (chosen as string)
    : elseHandle.id
}
