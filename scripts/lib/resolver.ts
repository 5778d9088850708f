import { lookup } from "node:dns/promises"
import { Response, type Request } from "miniflare"

/**
 * All addresses of a name, as this machine knows them. workerd would call whatever a name leads to, this machine and its
 * neighbours too, so the Worker asks here first.
 */
export async function answerAddresses(request: Request): Promise<Response> {
  const host = new URL(request.url).searchParams.get("host") ?? ""
  try {
    const found = await lookup(host, { all: true })
    return Response.json(found.map(({ address }) => address))
  } catch {
    return new Response(null, { status: 404 })
  }
}
