/**
 * Which impersonation this tab shows. Only its id stands in storage, and the tab's own storage: the token comes of one's own
 * session, so that whoever loses that loses this too.
 */
const storageKey = "edgecrew.support"

export const support = {
  get id(): string | null {
    try {
      return sessionStorage.getItem(storageKey)
    } catch {
      return null
    }
  },

  begin(id: string): void {
    try {
      sessionStorage.setItem(storageKey, id)
    } catch {
      // Without storage it lasts until the page is loaded anew.
    }
  },

  end(): void {
    try {
      sessionStorage.removeItem(storageKey)
    } catch {
      // Nothing was kept.
    }
  },
}
