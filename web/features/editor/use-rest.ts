import { useEffect } from "react"
import { fetchInIdle } from "#web/ui/later.tsx"
import { fetchFindingList } from "./bar/findings-button.tsx"
import { fetchPublishing } from "./bar/publish-button.tsx"
import { fetchForCommands } from "./commands.ts"
import { fetchChoices } from "./palette-tools.tsx"
import { panels } from "./panel/side-panel.tsx"
import { fetchAsking } from "./review/review-button.tsx"
import { fetchStarting } from "./start/use-run.ts"
import { fetchRules } from "./use-validation.ts"
import { fetchFollowing } from "./watching.tsx"

/** All of the editor that its canvas is drawn without, in the order in which it is likely to be wanted. */
const rest = [
  ...panels,
  fetchRules,
  fetchForCommands,
  fetchFindingList,
  fetchStarting,
  fetchFollowing,
  fetchPublishing,
  fetchChoices,
  fetchAsking,
  () => import("#web/ui/toast-view.tsx"),
  () => import("./builder/proposal-canvas.tsx"),
  () => import("#web/ui/markdown.tsx"),
  () => import("#web/ui/code-editor/codemirror.tsx"),
]

/** Whoever has opened a flow goes on without a network too: once the canvas is drawn, the rest is fetched. */
export function useRest(): void {
  useEffect(() => fetchInIdle(rest), [])
}
