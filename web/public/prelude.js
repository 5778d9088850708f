// Runs before the first paint and before any module: what must be settled by then. A file, since the policy forbids inline
// scripts.
;(function () {
  // The policy forbids eval. Zod would probe for it, and the browser report each probe as a violation.
  globalThis.__zod_globalConfig = { jitless: true }

  // Written by web/state/appearance.ts; applied here, so that no theme flashes.
  try {
    var saved = JSON.parse(localStorage.getItem("edgecrew.appearance") || "{}")
    var dataset = document.documentElement.dataset
    if (saved.theme === "light" || saved.theme === "dark") dataset.theme = saved.theme
    if (saved.density === "compact") dataset.density = "compact"
    if (saved.nav === "icons") dataset.nav = "icons"
  } catch {
    // Without storage the system's theme is used.
  }
})()
