import * as z from "zod"
import { JsonSchema } from "../graph.ts"
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
import { mostWaitSeconds } from "./wait.ts"

export const timeoutHandle = { id: "timeout", label: "Timeout" }

const Button = z.strictObject({
  id: routeId(new Set([timeoutHandle.id, errorHandle.id, out.id])),
  label: z.string().trim().min(1, { error: "Write what the button says" }).max(60).meta({ title: "Label" }),
})
export type ApprovalButton = z.infer<typeof Button>

const { on_error, error_value } = common

export const ApprovalData = z.strictObject({
  title: z
    .string()
    .min(1, { error: "Write what is to be decided" })
    .max(2_000)
    .meta({ title: "Title", description: "One line; may hold expressions" }),
  message: z
    .string()
    .max(100_000)
    .optional()
    .meta({ title: "Message", description: "What whoever decides should know; may hold expressions" }),
  buttons: z
    .array(Button)
    .min(1, { error: "Add a button" })
    .max(10)
    .refine(hasUnique, { error: "Two buttons have the same name" })
    .meta({ title: "Buttons", description: "One route each" }),
  form_schema: JsonSchema.optional().meta({
    title: "Form",
    description: "JSON Schema of what is asked beside the decision",
  }),
  timeout_seconds: z
    .number()
    .min(1)
    .max(mostWaitSeconds)
    .optional()
    .meta({ title: "Time limit", description: "Seconds after which the timeout route is taken" }),
  assignees: z.array(z.string().min(1).max(320)).max(50).optional().meta({
    title: "Who may answer",
    description:
      "Email addresses or user ids of members; may hold expressions. Empty: everybody who may start executions",
  }),
  by_others: z.boolean().optional().meta({
    title: "Somebody else answers",
    description: "Whoever started the execution may not, unless nobody else can",
  }),
  on_error,
  error_value,
})
export type ApprovalData = z.infer<typeof ApprovalData>

export const approval: Kind = {
  type: "approval",
  title: "Approval",
  summary: "Asks a person; each button is a route",
  family: "people",
  icon: "user-check",
  act: "approval",
  data: ApprovalData,
  takesInput: true,
  handles: (data) => [
    ...entriesOf<ApprovalButton>(data, "buttons").flatMap(({ id, label }) =>
      typeof id === "string" ? [{ id, label: typeof label === "string" && label ? label : id }] : [],
    ),
    timeoutHandle,
  ],
  expressions: (data) => [
    ...stringsIn(data["title"], "title"),
    ...stringsIn(data["message"], "message"),
    ...stringsIn(data["assignees"], "assignees"),
  ],
  substance: (data) => firstLine(data["title"]) || "No question yet",
}
