import * as z from "zod"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const HttpMethod = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
export type HttpMethod = z.infer<typeof HttpMethod>

const Texts = z.record(z.string().min(1).max(200), z.string().max(16_384))

export const HttpData = z.strictObject({
  method: HttpMethod.default("GET").meta({ title: "Method" }),
  url: z
    .string()
    .min(1, { error: "Write the address" })
    .max(16_384)
    .meta({ title: "Address", description: "https://… ; may hold expressions" }),
  query: Texts.optional().meta({ title: "Query", description: "Parameters added to the address" }),
  headers: Texts.optional().meta({ title: "Headers" }),
  body: JsonValue.optional().meta({
    title: "Body",
    description: "JSON with expressions inside, or a text; not sent with GET and HEAD",
  }),
  credentials: z
    .string()
    .regex(/^cred_/, { error: "Choose one of the stored credentials" })
    .max(64)
    .optional()
    .meta({
      title: "Credentials",
      description: "Stored credentials, added outside of everybody's sight",
    }),
  may_repeat: z.boolean().optional().meta({
    title: "May be repeated",
    description:
      "Whether the request may be sent again when the server stops in the middle. Without it GET, HEAD, PUT and DELETE are, POST and PATCH ask a person; each carries an Idempotency-Key.",
  }),
  ...common,
})
export type HttpData = z.infer<typeof HttpData>

/** Methods that RFC 9110 §9.2.2 calls idempotent: sending one twice is sending it once. */
const idempotent: ReadonlySet<HttpMethod> = new Set(["GET", "HEAD", "PUT", "DELETE"])

/** Whether a request that was in flight when the server stopped is sent again without asking. */
export const mayRepeat = (data: Pick<HttpData, "method" | "may_repeat">): boolean =>
  data.may_repeat ?? idempotent.has(data.method)

export const http: Kind = {
  type: "http",
  title: "HTTP request",
  summary: "Calls an address and passes its answer on",
  family: "tools",
  icon: "globe",
  act: "http",
  data: HttpData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => [
    ...stringsIn(data["url"], "url"),
    ...stringsIn(data["query"], "query"),
    ...stringsIn(data["headers"], "headers"),
    ...stringsIn(data["body"], "body"),
  ],
  substance: (data) => {
    const method = HttpMethod.safeParse(data["method"]).data ?? "GET"
    return firstLine(data["url"]) ? firstLine(`${method} ${firstLine(data["url"])}`) : "No address yet"
  },
}
