import { AliasDraft, AliasSettings, type AliasTarget, type ModelAlias } from "#core/contract/model-aliases"
import type { Provider } from "#core/contract/llm-providers"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { orderedTargets } from "./model.ts"
import { useAliasActs } from "./queries.ts"
import { SettingFields } from "./setting-fields.tsx"
import { TargetsInput, usualModel, type TargetRow } from "./targets-input.tsx"

export type AliasValues = {
  name: string
  description: string
  targets: readonly TargetRow[]
  settings: AliasSettings
}

const rowOf = (target: AliasTarget, i: number, all: readonly AliasTarget[]): TargetRow => ({
  ...target,
  alongside: all[i - 1]?.order === target.order,
})

function valuesOf(alias: ModelAlias | null, providers: readonly Provider[]): AliasValues {
  const first = providers.find((one) => one.is_default) ?? providers[0]
  const fresh: TargetRow[] = first
    ? [
        {
          llm_provider_id: first.id,
          model: usualModel(first),
          order: 0,
          weight: 1,
          alongside: false,
        },
      ]
    : []
  return {
    name: alias?.name ?? "",
    description: alias?.description ?? "",
    targets: alias ? alias.targets.toSorted((one, other) => one.order - other.order).map(rowOf) : fresh,
    settings: alias?.settings ?? AliasSettings.parse({}),
  }
}

type AliasDialogProps = { alias: ModelAlias | null; providers: readonly Provider[]; onClose: () => void }

/** Makes or changes an alias: which models it asks, in which order, and how patiently. */
export default function AliasDialog({ alias, providers, onClose }: AliasDialogProps) {
  const { create, update } = useAliasActs()
  const form = useForm({
    initial: valuesOf(alias, providers),
    toBody: ({ targets, ...rest }) => ({ ...rest, targets: orderedTargets(targets) }),
    schema: AliasDraft,
    fieldOfCode: { "conflict.duplicate": "name" },
    submit: async (body) => {
      if (alias) await update.mutateAsync({ alias, body })
      else await create.mutateAsync(body)
      onClose()
    },
  })
  const { values, errors, set } = form
  return (
    <FormDialog
      form={form}
      act={alias ? "Save changes" : "Add alias"}
      onClose={onClose}
      size="lg"
      title={alias ? alias.name : "Add a model alias"}
      description="Agents and nodes name it as their model. When a target fails, the next one is asked."
    >
      <div className="grid gap-4 md:grid-cols-[14rem_minmax(0,1fr)]">
        <Field label="Name" error={errors["name"]}>
          <Input
            autoFocus
            spellCheck={false}
            maxLength={63}
            className="font-mono text-sm"
            placeholder="fast"
            value={values.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        </Field>
        <Field label="Description" note="optional" error={errors["description"]}>
          <Input
            maxLength={500}
            placeholder="What it is good for"
            value={values.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        </Field>
      </div>
      <TargetsInput
        rows={values.targets}
        providers={providers}
        errors={errors}
        onChange={(targets) => set({ targets })}
      />
      <SettingFields settings={values.settings} errors={errors} onChange={(settings) => set({ settings })} />
    </FormDialog>
  )
}
