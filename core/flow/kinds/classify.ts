import * as z from "zod"
import { ProviderId } from "#core/ids"
import { elseHandle } from "./condition.ts"
import {
  common,
  entriesOf,
  errorHandle,
  firstLine,
  hasUnique,
  out,
  routeId,
  stringsIn,
  type Kind,
} from "./kind.ts"

const Class = z.strictObject({
  id: routeId(new Set([elseHandle.id, errorHandle.id, out.id])),
  description: z
    .string()
    .max(2_000)
    .default("")
    .meta({ title: "Description", description: "What belongs here, in the words the model reads" }),
})
type Class = z.infer<typeof Class>

export const ClassifyData = z.strictObject({
  text: z
    .string()
    .min(1, { error: "Write the text to classify" })
    .max(200_000)
    .meta({ title: "Text", description: "What the model reads; usually an expression" }),
  classes: z
    .array(Class)
    .min(1, { error: "Add a class" })
    .max(50)
    .refine(hasUnique, { error: "Two classes have the same name" })
    .meta({ title: "Classes", description: "One route each" }),
  llm_provider_id: ProviderId.optional().meta({
    title: "Provider",
    description: "Empty: the tenant's default provider",
  }),
  model: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: "Model", description: "Empty: the provider's default model" }),
  ...common,
})
export type ClassifyData = z.infer<typeof ClassifyData>

export const classify: Kind = {
  type: "classify",
  title: "Classify",
  summary: "Lets a model choose the route",
  family: "models",
  icon: "tags",
  act: "model",
  data: ClassifyData,
  takesInput: true,
  handles: (data) => [
    ...entriesOf<Class>(data, "classes").flatMap(({ id }) =>
      typeof id === "string" ? [{ id, label: id }] : [],
    ),
    elseHandle,
  ],
  expressions: (data) => stringsIn(data["text"], "text"),
  substance: (data) => {
    const names = entriesOf<Class>(data, "classes").flatMap(({ id }) => (typeof id === "string" ? [id] : []))
    return firstLine(names.join(", ")) || "No class yet"
  },
}
