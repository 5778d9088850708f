import { authApi } from "#core/contract/auth"
import { apiBase } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { takeEarly } from "#web/state/early.ts"
import { session } from "#web/state/session.ts"
import { support } from "#web/state/support.ts"
import { failureOf } from "./failure.ts"

let underWay: Promise<void> | null = null

/** Gets an access token for the session in the cookie. Calls at the same time share one request; a lock queues other tabs. */
export function resume(): Promise<void> {
  underWay ??= locked(refresh).finally(() => {
    underWay = null
  })
  return underWay
}

async function locked(act: () => Promise<void>): Promise<void> {
  // Web Locks want a secure context; over plain HTTP the server's grace for parallel refreshes has to do.
  const locks: LockManager | null | undefined = navigator.locks
  if (!locks) return act()
  await locks.request("edgecrew-refresh", act)
}

async function refresh(): Promise<void> {
  if (!session.mayResume()) throw new Failure("auth.required")
  const { method, path } = authApi.refresh
  const early = takeEarly(method, apiBase + path)
  const response =
    (early && (await early)) ??
    (await fetch(apiBase + path, {
      method,
      headers: { accept: "application/json", "content-type": "application/json" },
      body: "{}",
      credentials: "same-origin",
    }))
  if (response.status >= 400) {
    const failure = await failureOf(response)
    if (response.status === 401) session.end("lost")
    throw failure
  }
  const { access_token: token } = authApi.refresh.reply.parse(await response.json())
  session.renew(await inWhoseName(token))
}

/** The token of an impersonation that this tab shows, had by one's own; when that is over, one is oneself again. */
async function inWhoseName(own: string): Promise<string> {
  const { id } = support
  if (id === null) return own
  // Who has nobody else's name does not load the installation's contract.
  const { adminApi } = await import("#core/contract/admin")
  const { method, path, reply } = adminApi.renewImpersonation
  const response = await fetch(apiBase + path.replace(":impersonation_id", encodeURIComponent(id)), {
    method,
    headers: { accept: "application/json", authorization: `Bearer ${own}` },
    credentials: "same-origin",
  })
  if (response.status === 201) return reply.parse(await response.json()).access_token
  support.end()
  return own
}
