import * as z from "zod"
import type { Preset } from "../commands/graph.ts"

const Dragged = z.object({ id: z.string(), name: z.string() })
export type DraggedTool = z.infer<typeof Dragged>

/** A node that calls a tool is called as the tool is. */
export const toolPreset = ({ id, name }: DraggedTool): Preset => ({ label: name, data: { tool_id: id } })

/** The tool that travelled with a drag; undefined where none did. Another page may drag anything. */
export function presetOf(text: string): Preset | undefined {
  if (text === "") return undefined
  try {
    const read = Dragged.safeParse(JSON.parse(text))
    return read.success ? toolPreset(read.data) : undefined
  } catch {
    return undefined
  }
}
