// Runs before the first paint, so that no theme flashes. The choice is written by web/state/appearance.ts.
;(function () {
  try {
    var saved = JSON.parse(localStorage.getItem("edgecrew.appearance") || "{}")
    if (saved.theme === "light" || saved.theme === "dark")
      document.documentElement.dataset.theme = saved.theme
    if (saved.density === "compact") document.documentElement.dataset.density = "compact"
    if (saved.nav === "icons") document.documentElement.dataset.nav = "icons"
  } catch {
    // Without storage the system's theme is used.
  }
})()
