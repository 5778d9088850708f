import type * as z from "zod"
import { kindOf } from "#core/flow/kinds"
import type { Json, JsonObject } from "#core/json"

/** What a new node of some kinds begins with, where its schema alone would leave nothing to see. */
const beginnings: Record<string, JsonObject> = {
  code: { source: "export default (input, context) => {\n  return input\n}\n" },
  condition: { branches: [{ id: "yes", when: "" }] },
  classify: {
    classes: [
      { id: "question", description: "" },
      { id: "complaint", description: "" },
    ],
  },
  approval: {
    buttons: [
      { id: "approve", label: "Approve" },
      { id: "reject", label: "Reject" },
    ],
  },
  map: { items: "" },
  loop: { max_iterations: 10 },
  wait: { seconds: 60 },
}

/** Fields that a kind's schema gives a default, and empty texts where it wants one, so that a new node says what is missing. */
export function startingData(type: string): JsonObject {
  const data: JsonObject = {}
  const shape: Record<string, z.ZodType> = kindOf(type)?.data.shape ?? {}
  for (const [key, field] of Object.entries(shape)) {
    const absent = field.safeParse(undefined)
    if (absent.success) {
      if (absent.data !== undefined) data[key] = absent.data as Json
      continue
    }
    const blank = field.safeParse("")
    if (blank.success || blank.error.issues.every((issue) => issue.code === "too_small")) data[key] = ""
  }
  return { ...data, ...beginnings[type] }
}
