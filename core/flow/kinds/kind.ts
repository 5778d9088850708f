import * as z from "zod"
import { JsonValue, type FlowNode } from "#core/flow/graph"

/** Which hue and palette group a kind belongs to. */
export type Family = "data" | "models" | "agents" | "tools" | "control" | "people"

export type Handle = { id: string; label: string }

/** A field of a node's data that holds an expression: where it is, and its text. */
export type ExpressionField = { path: string; text: string; bare: boolean }

/**
 * Who does a kind's work. `input` and `pure` steps are computed from the journal alone and leave nothing in flight; `model` and
 * `http` steps act through a port, and so do a `program` and a `tool` that is called; `check` judges such a call before it is made; `scope`
 * steps hold a body that is executed under scope paths of its own; `wait` and `approval` steps rest until a time, a call or a
 * person; `none` is only drawn.
 */
export type Act =
  | "input"
  | "pure"
  | "model"
  | "http"
  | "tool"
  | "program"
  | "check"
  | "scope"
  | "wait"
  | "approval"
  | "none"

/** What a node kind is. */
export type Kind = {
  type: string
  title: string
  summary: string
  family: Family
  /** A lucide icon's name. */
  icon: string
  act: Act
  data: z.ZodObject
  /** Whether other nodes are drawn inside; those of a `map` and a `loop` are its body, those of a `group` stay where it stands. */
  holds?: "body" | "drawing"
  /** Whether edges may arrive. */
  takesInput: boolean
  /** The handles that edges may leave by. */
  handles(data: FlowNode["data"]): Handle[]
  /** Every expression in the data, for validation and for renaming. */
  expressions(data: FlowNode["data"]): ExpressionField[]
  /** The one line under the node's title. */
  substance(data: FlowNode["data"]): string
}

export const out: Handle = { id: "out", label: "Out" }
export const errorHandle: Handle = { id: "error", label: "Error" }

/** What every executable node takes. */
export const common = {
  timeout_ms: z
    .int()
    .min(1)
    .max(3_600_000)
    .optional()
    .meta({ title: "Time limit", description: "Milliseconds one attempt may take" }),
  retry: z
    .strictObject({
      max_attempts: z.int().min(1).max(10).default(3).meta({ title: "Attempts" }),
      backoff_ms: z
        .int()
        .min(0)
        .max(600_000)
        .default(1000)
        .meta({ title: "First wait", description: "Milliseconds before the second attempt" }),
      factor: z
        .number()
        .min(1)
        .max(10)
        .default(2)
        .meta({ title: "Growth", description: "Each wait is this many times the one before" }),
      on: z.array(z.string().max(100)).max(20).optional().meta({
        title: "Only for",
        description: "Error codes, or the beginning of one such as model. (default: errors that may pass)",
      }),
    })
    .optional()
    .meta({ title: "Retry" }),
  on_error: z.enum(["fail", "continue", "route"]).optional().meta({
    title: "When it fails",
    description: "Fail the execution, continue with a value, or take the error route",
  }),
  error_value: JsonValue.optional().meta({
    title: "Value on error",
    description: "The output when it continues after an error",
  }),
}

/** A name that a route gets from its user: it becomes a handle. */
export const routeId = (taken: ReadonlySet<string>) =>
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
      error: "Use a letter or underscore, then letters, digits, _ or -",
    })
    .refine((id) => !taken.has(id), { error: "This name is taken by a built-in route" })
    .meta({ title: "Name" })

/** The entries of a list field of a draft, which may hold anything. */
export function entriesOf<T>(data: Record<string, unknown>, field: string): Partial<T>[] {
  const list = data[field]
  return Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : []
}

export const hasUnique = (list: readonly { id: string }[]): boolean =>
  new Set(list.map((one) => one.id)).size === list.length

export const CommonData = z.object(common)
export type CommonData = z.infer<typeof CommonData>

const isString = (value: unknown): value is string => typeof value === "string"

/** Every string inside a value, with its dotted path: templates may stand anywhere in a JSON field. */
export function stringsIn(value: unknown, path: string, bare = false): ExpressionField[] {
  if (isString(value)) return [{ path, text: value, bare }]
  if (Array.isArray(value)) return value.flatMap((item, i) => stringsIn(item, `${path}.${i}`, false))
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => stringsIn(item, `${path}.${key}`, false))
  }
  return []
}

/** "Write a summary of…": the first line, cut for one line of a node. */
export function firstLine(text: unknown, most = 60): string {
  if (!isString(text)) return ""
  const line = text.trim().split("\n", 1)[0] ?? ""
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
