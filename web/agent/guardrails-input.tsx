import { Plus, X } from "lucide-react"
import type { Guardrail } from "#core/agent/agent"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import type { Faults } from "./use-draft.ts"

type GuardrailsProps = {
  value: readonly Guardrail[]
  onChange: (value: Guardrail[]) => void
  faults: Faults
  disabled: boolean
}

const sorts: Record<Guardrail["type"], { label: string; fresh: Guardrail }> = {
  max_characters: { label: "Is no longer than", fresh: { type: "max_characters", most: 2_000 } },
  must_match: { label: "Matches a pattern", fresh: { type: "must_match", pattern: "" } },
  must_not_match: { label: "Does not match a pattern", fresh: { type: "must_not_match", pattern: "" } },
  expression: {
    label: "Makes an expression true",
    fresh: { type: "expression", when: "", message: "" },
  },
}
const types = Object.keys(sorts) as Guardrail["type"][]

/** What an answer must keep to, one rule after another. */
export function GuardrailsInput({ value, onChange, faults, disabled }: GuardrailsProps) {
  const put = (at: number, next: Guardrail) => onChange(value.map((one, i) => (i === at ? next : one)))
  return (
    <div className="flex flex-col gap-2">
      {value.length > 0 && (
        <ul aria-label="Guardrails" className="flex flex-col gap-2">
          {value.map((one, at) => (
            // A rule has no identity of its own: its place is its key.
            <li
              key={at}
              className="flex items-start gap-2 rounded-md border border-line bg-sunken py-2 pr-1.5 pl-3"
            >
              <div className="flex min-w-0 flex-1 flex-col gap-2">
                <Rule
                  rule={one}
                  onChange={(next) => put(at, next)}
                  faultOf={(field) => faults[`${at}.${field}`]}
                  disabled={disabled}
                />
              </div>
              {!disabled && (
                <IconButton
                  label={`Remove guardrail ${at + 1}`}
                  size="xs"
                  onClick={() => onChange(value.filter((_, i) => i !== at))}
                >
                  <X />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {!disabled && (
        <Menu
          entries={types.map((type) => ({
            label: sorts[type].label,
            onSelect: () => onChange([...value, sorts[type].fresh]),
          }))}
        >
          <Button size="sm" className="self-start">
            <Plus aria-hidden />
            Add a guardrail
          </Button>
        </Menu>
      )}
    </div>
  )
}

type RuleProps = {
  rule: Guardrail
  onChange: (rule: Guardrail) => void
  faultOf: (field: string) => string | undefined
  disabled: boolean
}

function Rule({ rule, onChange, faultOf, disabled }: RuleProps) {
  const { label } = sorts[rule.type]
  if (rule.type === "max_characters") {
    return (
      <Field label={label} note="characters" error={faultOf("most")}>
        <NumberInput
          integer
          disabled={disabled}
          value={rule.most}
          onChange={(most) => onChange({ ...rule, most: most ?? 0 })}
        />
      </Field>
    )
  }
  const isExpression = rule.type === "expression"
  const field = isExpression ? "when" : "pattern"
  return (
    <>
      <Field
        label={label}
        error={faultOf(field)}
        help={
          isExpression
            ? "JSONata over output, such as $length(output) > 40"
            : "A regular expression (RE2), such as (?i)confidential"
        }
      >
        <Input
          className="font-mono text-sm"
          spellCheck={false}
          disabled={disabled}
          value={isExpression ? rule.when : rule.pattern}
          onChange={({ target }) =>
            onChange(isExpression ? { ...rule, when: target.value } : { ...rule, pattern: target.value })
          }
        />
      </Field>
      <Field
        label="What it is told otherwise"
        error={faultOf("message")}
        {...(isExpression ? {} : { note: "optional" })}
      >
        <Input
          disabled={disabled}
          value={rule.message ?? ""}
          onChange={({ target }) =>
            onChange(
              isExpression
                ? { ...rule, message: target.value }
                : { ...rule, message: target.value === "" ? undefined : target.value },
            )
          }
        />
      </Field>
    </>
  )
}
