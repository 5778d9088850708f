import { forgetEarly } from "./early.ts"

/**
 * The access token lives in this module's memory and nowhere else; the refresh token is in an HttpOnly cookie that no script
 * sees. What storage holds is only the id of the tenant one is signed in to: it tells other tabs that this has changed, and
 * a fresh tab whether asking for a token is worth a request.
 */
const storageKey = "edgecrew.tenant"
/** In its place for a moment: somebody leaves on purpose, in all tabs. */
const leaving = "left"
/** How the page looks is this browser's, and says nothing of anybody. */
const kept = new Set([storageKey, "edgecrew.appearance"])

/** Left on purpose, lost (expired, revoked, or ended in another tab), or switched to another tenant in another tab. */
export type Ending = "left" | "lost" | "tenant_changed"
type Listener = (ending: Ending) => void

let token: string | null = null
const listeners = new Set<Listener>()

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function store(tenantId: string | null): void {
  try {
    if (tenantId === null) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, tenantId)
  } catch {
    // Storage may be forbidden; then each tab simply asks for a token of its own.
  }
}

/** Forgets what pages kept in a tab (inputs, drafts, pins), and with whoever leaves what they had read and folded. */
function forgetKept(ending: Ending): void {
  if (ending === "lost") return
  try {
    for (const storage of ending === "left" ? [sessionStorage, localStorage] : [sessionStorage])
      for (const key of Object.keys(storage))
        if (key.startsWith("edgecrew.") && !kept.has(key)) storage.removeItem(key)
  } catch {
    // There was nothing to forget.
  }
}

/** What another tab has done, by what it wrote. */
function endingBy(stored: string | null): Ending {
  if (stored === leaving) return "left"
  return stored === null ? "lost" : "tenant_changed"
}

const tell = (ending: Ending) => {
  for (const listener of listeners) listener(ending)
}

export const session = {
  get token(): string | null {
    return token
  },

  /** Whether the cookie may still be good for a token. */
  mayResume(): boolean {
    return stored() !== null
  },

  /** A token of the same session, after a refresh. */
  renew(next: string): void {
    token = next
  },

  /** Signed in, or switched to another tenant. */
  begin(next: string, tenantId: string): void {
    forgetEarly()
    token = next
    store(tenantId)
  },

  /** The session is over, here and in every other tab. */
  end(ending: Ending): void {
    forgetEarly()
    const had = token !== null
    token = null
    if (ending === "left") store(leaving)
    store(null)
    if (had) tell(ending)
    forgetKept(ending)
  },

  /** Called when the session has ended, or when another tab has left it or switched its tenant. */
  onEnd(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },

  /** Follows what other tabs do; returns how to stop. */
  watchOtherTabs(): () => void {
    const onStorage = (event: StorageEvent) => {
      if (event.key !== storageKey || token === null || event.newValue === event.oldValue) return
      token = null
      const ending = endingBy(event.newValue)
      tell(ending)
      forgetKept(ending)
    }
    window.addEventListener("storage", onStorage)
    return () => window.removeEventListener("storage", onStorage)
  },
}
