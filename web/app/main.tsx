import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import "#web/styles/theme.css"
import { keepFocus } from "#web/ui/keep-focus.ts"
import { App } from "./providers.tsx"

const root = document.getElementById("root")
if (!root) throw new Error("index.html has no #root")
keepFocus()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
