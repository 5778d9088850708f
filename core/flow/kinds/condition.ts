import * as z from "zod"
import { common, errorHandle, firstLine, type Handle, type Kind } from "./kind.ts"

export const elseHandle: Handle = { id: "else", label: "Else" }

const reserved = new Set([elseHandle.id, errorHandle.id, "out"])

const Branch = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
      error: "Use a letter or underscore, then letters, digits, _ or -",
    })
    .refine((id) => !reserved.has(id), { error: "This name is taken by a built-in route" })
    .meta({ title: "Name" }),
  when: z
    .string()
    .min(1, { error: "Write the condition" })
    .max(16_384)
    .meta({ title: "When", description: "An expression; the first branch that is true is taken" }),
})
type Branch = z.infer<typeof Branch>

const Data = z.strictObject({
  branches: z
    .array(Branch)
    .min(1, { error: "Add a branch" })
    .max(50)
    .refine((list) => new Set(list.map((one) => one.id)).size === list.length, {
      error: "Two branches have the same name",
    })
    .meta({ title: "Branches" }),
  ...common,
})

const branchesOf = (data: Record<string, unknown>): Partial<Branch>[] => {
  const list = data["branches"]
  return Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : []
}

export const condition: Kind = {
  type: "condition",
  title: "Condition",
  summary: "Takes the first route whose expression is true",
  family: "control",
  icon: "split",
  act: "pure",
  data: Data,
  takesInput: true,
  handles: (data) => [
    ...branchesOf(data).flatMap(({ id }) => (typeof id === "string" ? [{ id, label: id }] : [])),
    elseHandle,
  ],
  expressions: (data) =>
    branchesOf(data).flatMap(({ when }, i) =>
      typeof when === "string" ? [{ path: `branches.${i}.when`, text: when, bare: true }] : [],
    ),
  substance: (data) => {
    const list = branchesOf(data)
    return list.length > 1 ? `${list.length} routes and else` : firstLine(list[0]?.when) || "No route yet"
  },
}
