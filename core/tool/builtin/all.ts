import type { ToolRef } from "../tool.ts"
import type { Builtin } from "./builtin.ts"
import { jsonQuery } from "./json-query.ts"
import { math } from "./math.ts"
import { recall, remember } from "./memory.ts"
import { time } from "./time.ts"
import { webPage } from "./web-page.ts"

/** The tools that every tenant has. */
export const builtinTools: readonly Builtin[] = [time, math, jsonQuery, webPage, recall, remember]

const byId: ReadonlyMap<string, Builtin> = new Map(builtinTools.map((one) => [one.definition.id, one]))

/** The builtin tool of that id (`builtin:time`); undefined for any other. */
export const builtinTool = (id: ToolRef): Builtin | undefined => byId.get(id)
