import * as z from "zod"
import {
  common,
  entriesOf,
  errorHandle,
  firstLine,
  hasUnique,
  out,
  routeId,
  type Handle,
  type Kind,
} from "./kind.ts"

export const elseHandle: Handle = { id: "else", label: "Else" }

const Branch = z.strictObject({
  id: routeId(new Set([elseHandle.id, errorHandle.id, out.id])),
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
    .refine(hasUnique, { error: "Two branches have the same name" })
    .meta({ title: "Branches" }),
  ...common,
})

const branchesOf = (data: Record<string, unknown>) => entriesOf<Branch>(data, "branches")

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
