import { ArrowRightFromLine, ArrowRightToLine, Play } from "lucide-react"
import { kindOf } from "#core/flow/kinds"
import type { MenuEntry } from "#web/ui/menu.tsx"
import type { usePartRun } from "./use-run.ts"

/** What can be executed at a node. Nothing for notes and groups. */
export function runEntries(
  run: ReturnType<typeof usePartRun>,
  { id, type }: { id: string; type: string },
  standsAlone: boolean,
): MenuEntry[] {
  if (kindOf(type)?.act === "none") return []
  if (!standsAlone) return [{ heading: "A step inside is executed with its map or loop" }]
  return [
    { label: "Run this step", icon: Play, onSelect: () => void run.only(id) },
    { label: "Run from here", icon: ArrowRightFromLine, onSelect: () => void run.from(id) },
    { label: "Run to here…", icon: ArrowRightToLine, onSelect: () => run.until(id) },
  ]
}
