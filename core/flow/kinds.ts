import { agent } from "./kinds/agent.ts"
import { approval } from "./kinds/approval.ts"
import { classify } from "./kinds/classify.ts"
import { code } from "./kinds/code.ts"
import { condition } from "./kinds/condition.ts"
import { crew } from "./kinds/crew.ts"
import { foreign } from "./kinds/foreign.ts"
import { group } from "./kinds/group.ts"
import { http } from "./kinds/http.ts"
import { innerKinds } from "./kinds/inner.ts"
import { input } from "./kinds/input.ts"
import type { Kind } from "./kinds/kind.ts"
import { llm } from "./kinds/llm.ts"
import { loop } from "./kinds/loop.ts"
import { map } from "./kinds/map.ts"
import { merge } from "./kinds/merge.ts"
import { note } from "./kinds/note.ts"
import { output } from "./kinds/output.ts"
import { subflow } from "./kinds/subflow.ts"
import { tool } from "./kinds/tool.ts"
import { transform } from "./kinds/transform.ts"
import { wait } from "./kinds/wait.ts"

/** Every node kind there is. A new one is a file in `kinds/` and a line here; the compiler names what else it needs. */
export const kinds = {
  input,
  output,
  llm,
  classify,
  agent,
  crew,
  transform,
  tool,
  http,
  code,
  condition,
  merge,
  map,
  loop,
  subflow,
  wait,
  approval,
  note,
  group,
} as const satisfies Record<string, Kind>

export type KindType = keyof typeof kinds

/** A kind that may stand in a flow: one that can be drawn, or what an import has left of another product's step. */
export const drawnKind = (type: string): Kind | undefined =>
  Object.hasOwn(kinds, type) ? kinds[type as KindType] : type === foreign.type ? foreign : undefined

/**
 * The kind of that name, also one that only the bodies of agents are made of; or undefined: graphs from elsewhere may hold kinds
 * that this installation lacks.
 */
export const kindOf = (type: string): Kind | undefined =>
  drawnKind(type) ??
  (Object.hasOwn(innerKinds, type) ? innerKinds[type as keyof typeof innerKinds] : undefined)
