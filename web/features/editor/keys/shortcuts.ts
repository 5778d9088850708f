import { canvasKeys } from "./canvas-keys.ts"
import { flowKeys, writingKeys } from "./flow-keys.ts"
import { nodeKeys } from "./node-keys.ts"
import { orderKeys } from "./order-keys.ts"
import type { Keyboard, Shortcut } from "./shortcut.ts"

/** Every shortcut of the editor, as its sheet shows it. The keys are handled by this list and by nothing beside it. */
export const shortcutGroups: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  { title: "The canvas", shortcuts: canvasKeys },
  { title: "Order", shortcuts: orderKeys },
  { title: "Nodes", shortcuts: nodeKeys },
  { title: "Writing", shortcuts: writingKeys },
  { title: "The flow", shortcuts: flowKeys },
]

const byCombo = new Map(
  shortcutGroups.flatMap(({ shortcuts }) =>
    shortcuts.flatMap((one) => [...one.keys, ...(one.also ?? [])].map((combo) => [combo, one] as const)),
  ),
)

/** Does what a combination stands for; false when it stands for nothing here. */
export function press(keyboard: Keyboard, combo: string): boolean {
  const shortcut = byCombo.get(combo)
  if (!shortcut?.run || (shortcut.edits && !keyboard.editor.mayEdit)) return false
  return shortcut.run(keyboard, combo)
}
