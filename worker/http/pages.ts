import type { Context } from "hono"
import { Failure } from "#core/errors"
import type { AppEnv } from "./mount.ts"

const shrinks = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg\+xml)/

/** The pages and what they are made of. Files whose name holds their digest never change. */
export async function servePage(c: Context<AppEnv>): Promise<Response> {
  const asset = await c.env.ASSETS.fetch(c.req.raw)
  if (asset.status !== 200) return asset
  const page = new Response(asset.body, asset)
  if (c.get("url").pathname.startsWith("/assets/")) {
    // A file of an earlier build is gone; the page that stands in for unknown addresses is no script.
    if (page.headers.get("content-type")?.startsWith("text/html")) throw new Failure("route.not_found")
    page.headers.set("cache-control", "public, max-age=31536000, immutable")
  }
  return mayShrink(c.req.raw, page) ? shrunk(page) : page
}

/** Cloudflare's edge compresses better than we could; a workerd by itself does not, unless it is asked to. */
const mayShrink = (request: Request, page: Response): boolean =>
  !request.headers.has("cf-ray") &&
  !page.headers.has("content-encoding") &&
  /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "") &&
  shrinks.test(page.headers.get("content-type") ?? "")

/** The runtime encodes a body by this header as it is sent. */
function shrunk(page: Response): Response {
  page.headers.set("content-encoding", "gzip")
  page.headers.set("vary", "accept-encoding")
  page.headers.delete("content-length")
  const tag = page.headers.get("etag")
  if (tag?.startsWith('"')) page.headers.set("etag", `W/${tag}`)
  return page
}
