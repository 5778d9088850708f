const key = "edgecrew.next"

/** Where somebody wanted to go, kept in this tab while they are with a provider. */
export const wayOn = {
  keep(next: string | undefined): void {
    try {
      if (next === undefined) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, next)
    } catch {
      // Storage may be forbidden; then one arrives at the first page.
    }
  },

  take(): string | undefined {
    try {
      const next = sessionStorage.getItem(key) ?? undefined
      sessionStorage.removeItem(key)
      return next
    } catch {
      return undefined
    }
  },
}
