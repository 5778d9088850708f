import type { InputFault } from "#core/errors"
import type { JsonObject } from "#core/json"
import type { ToolDraft } from "#core/tool/tool"
import type { Drawing } from "./drawing.ts"

/** A tool that is to be made beside the flow, for a step that calls it. */
export type ImportedTool = { id: string; draft: ToolDraft }

/** What an importer may ask of the tenant that it imports for. */
export type ToolMaker = {
  /** The id that the tool of a node gets; undefined when none is to be made for it. */
  id(node_id: string): string | undefined
  isTaken(name: string): boolean
}

/** A file that became a flow, or what is wrong with it. */
export type Drawn =
  | {
      ok: true
      name: string
      description?: string
      /** What the file says of its own version. */
      version: string
      drawing: Drawing
      input_schema?: JsonObject
      tools?: ImportedTool[]
    }
  | { ok: false; faults: InputFault[] }
