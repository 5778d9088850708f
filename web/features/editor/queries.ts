import { canvasApi } from "#core/contract/canvas"
import { flowsApi, type Flow, type FlowDraft } from "#core/contract/flows"
import { Failure } from "#core/errors"
import { call } from "#web/api/call.ts"
import { openSocket, type Wire } from "#web/api/socket.ts"
import type { Ending } from "./live/line.ts"

/** What the editor needs to show a flow and to keep it; what its panels ask for besides is in panel/queries.ts. */
const params = (id: string) => ({ flow_id: id })

/** The part of a flow that is edited and sent back. */
export function draftOf(flow: Flow): FlowDraft {
  const { name, description, nodes, edges, input_schema, output_schema, settings } = flow
  return {
    name,
    description,
    nodes,
    edges,
    ...(input_schema === undefined ? {} : { input_schema }),
    ...(output_schema === undefined ? {} : { output_schema }),
    settings,
  }
}

/** The socket of a flow's canvas, for a window of that name that has everything up to an edit. */
export const openCanvas = (id: string, query: { client: string; since?: number }): Promise<Wire> =>
  openSocket(canvasApi.open, { params: params(id), query })

/** Why a canvas does not open, if it is for good. */
export async function whyNoCanvas(id: string): Promise<Ending | undefined> {
  try {
    await fetchFlow(id)
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) return undefined
    return error.status === 404 ? "gone" : error.status === 403 ? "revoked" : undefined
  }
}

/** What is wrong with the draft that the server has. */
export const findFaults = async (id: string) =>
  (await call(flowsApi.validate, { params: params(id) })).findings

export const fetchFlow = (id: string) => call(flowsApi.get, { params: params(id) })
