import type * as z from "zod"
import { FlowFile, type Flow, type flowsApi } from "#core/contract/flows"
import type { BodyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import { drawnKind } from "#core/flow/kinds"
import type { FlowId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { readJson } from "#worker/strict-json"
import { createFlow } from "./create.ts"

/** The flow as one file, which `import` makes an equal flow of. */
export async function exportFlow(ctx: Ctx, id: FlowId): Promise<z.infer<typeof FlowFile>> {
  allow(ctx.actor, "flow.read")
  const { name, description, graph } = found(await flows.byId(ctx.db, id), "flow.not_found")
  return { format: "edgecrew.flow", format_version: 1, flow: { name, description, ...graph } }
}

type Report = { exact: string[]; changed: string[]; opaque: string[]; dropped: string[] }

/** Creates a flow from an exported file. Nodes of kinds that are unknown here are kept as they are, and reported as opaque. */
export async function importFlow(
  ctx: Ctx,
  body: BodyOf<typeof flowsApi.import>,
): Promise<{ flow: Flow; report: Report }> {
  allow(ctx.actor, "flow.edit")
  const file = FlowFile.safeParse(typeof body.content === "string" ? parsed(body.content) : body.content)
  if (!file.success) {
    const errors = file.error.issues
      .slice(0, 50)
      .map((issue) => ({ path: ["content", ...issue.path].join("."), message: issue.message }))
    throw new Failure("flow.unreadable", {
      detail: "This is not an exported Edgecrew flow (edgecrew.flow, version 1).",
      errors,
    })
  }
  const { flow } = await createFlow(ctx, file.data.flow)
  const [known, unknown] = [
    flow.nodes.filter((node) => drawnKind(node.type)),
    flow.nodes.filter((node) => !drawnKind(node.type)),
  ]
  return {
    flow,
    report: {
      exact: known.map((node) => node.id),
      changed: [],
      opaque: unknown.map((node) => node.id),
      dropped: [],
    },
  }
}

/** Read as strictly as a request's own body: a file is the same data by another way. */
function parsed(text: string): unknown {
  const read = readJson(text)
  if (read.ok) return read.value
  if (!("fault" in read)) {
    throw new Failure("flow.unreadable", {
      detail: "The file is not valid JSON.",
      errors: [{ path: "content", message: "This is not valid JSON." }],
    })
  }
  const { path, message } = read.fault
  throw new Failure("flow.unreadable", {
    detail: "The file is not JSON that everybody reads alike.",
    errors: [{ path: ["content", path].filter(Boolean).join("."), message }],
  })
}
