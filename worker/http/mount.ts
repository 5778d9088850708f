import type { Hono } from "hono"
import { Failure } from "#core/errors"
import type { Env } from "#worker/env"
import { pathOf, type Route } from "./answer.ts"

export type AppEnv = { Bindings: Env; Variables: { requestId: string; url: URL } }

/** Mounts routes by their contracts; another method on a known path is refused with those it takes. */
export function mount(app: Hono<AppEnv>, routes: readonly Route[]): void {
  const methods = new Map<string, string[]>()
  for (const { endpoint, handle } of routes) {
    const path = pathOf(endpoint)
    methods.set(path, [...(methods.get(path) ?? []), endpoint.method])
    app.on(endpoint.method, path, (c) =>
      handle({
        request: c.req.raw,
        env: c.env,
        after: (work) => c.executionCtx.waitUntil(work),
        requestId: c.get("requestId"),
        url: c.get("url"),
        params: c.req.param(),
      }),
    )
  }
  for (const [path, known] of methods) {
    const allow = known.includes("GET") ? ["GET", "HEAD", ...known.filter((one) => one !== "GET")] : known
    app.all(path, () => {
      throw new Failure("route.method", {
        detail: `This address takes ${allow.join(", ")}.`,
        more: { allow },
      })
    })
  }
}
