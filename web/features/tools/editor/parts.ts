import type { ToolDraft, ToolKind } from "#core/tool/tool"
import { faultWithin, type Draft } from "#web/agent/use-draft.ts"

/** The tool as it is typed, with what is wrong with it. */
export type ToolDraftState = Draft<ToolDraft>

/** What each part of the form works with. */
export type Parts = { draft: Pick<ToolDraftState, "draft" | "set" | "faults">; disabled: boolean }

type ConfigOf<K extends ToolKind> = Extract<ToolDraft, { kind: K }>["execution_config"]

/** The part of a tool that is its kind's own, with what is wrong with it by the names of its fields. */
export type ConfigParts<K extends ToolKind> = {
  config: ConfigOf<K>
  set: (patch: Partial<ConfigOf<K>>) => void
  faultOf: (field: string) => string | undefined
  /** What is wrong with a field as a whole, and not with one of its entries. */
  faultAt: (field: string) => string | undefined
  disabled: boolean
}

const place = "execution_config"

/** A field that is set to `undefined` goes: the contract knows no such value. */
function patched<C extends object>(config: C, patch: Partial<C>): C {
  const next = { ...config, ...patch }
  for (const [field, value] of Object.entries(patch))
    if (value === undefined) Reflect.deleteProperty(next, field)
  return next
}

export function configParts<K extends ToolKind>(
  { draft: { set, faults }, disabled }: Parts,
  _kind: K,
  config: ConfigOf<K>,
): ConfigParts<K> {
  return {
    config,
    // The kind of a draft never changes, so that its settings stay those of its kind.
    set: (patch) =>
      set(
        { execution_config: patched<ConfigOf<K>>(config, patch) } as Partial<ToolDraft>,
        Object.keys(patch).map((field) => `${place}.${field}`),
      ),
    faultOf: (field) => faultWithin(faults, `${place}.${field}`),
    faultAt: (field) => faults[`${place}.${field}`],
    disabled,
  }
}
