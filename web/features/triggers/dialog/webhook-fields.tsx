import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { InputsFields } from "./inputs-fields.tsx"
import { DedupeFields } from "./dedupe-fields.tsx"
import { MoreFields } from "./more-fields.tsx"
import type { Parts } from "./parts.ts"
import { SignatureFields } from "./signature-fields.tsx"
import { withOwn } from "./with-own.ts"

const methods = ["POST", "PUT", "GET"] as const

const sizes = [
  { value: "16384", label: "16 KiB" },
  { value: "65536", label: "64 KiB" },
  { value: "262144", label: "256 KiB" },
  { value: "1048576", label: "1 MiB" },
]

type WebhookFieldsProps = Parts & {
  /** How the secret that is set ends; null when none is. */
  hint: string | null
}

export function WebhookFields({ hint, ...parts }: WebhookFieldsProps) {
  const { values, errors, set } = parts
  return (
    <>
      <SignatureFields {...parts} hint={hint} />
      <InputsFields {...parts} />
      <ReplyFields {...parts} />
      <MoreFields label="Methods, size and repeats" isOpen={hasError(errors)}>
        <FieldSet legend="Methods" error={errors["methods"]}>
          <div className="flex flex-wrap gap-x-6 gap-y-1">
            {methods.map((method) => (
              <CheckboxLine
                key={method}
                label={method}
                checked={values.methods.includes(method)}
                onCheckedChange={(on) =>
                  set({
                    methods: methods.filter((one) => (one === method ? on : values.methods.includes(one))),
                  })
                }
              />
            ))}
          </div>
        </FieldSet>
        <Field label="Largest body" error={errors["max_body_bytes"]} help="A larger one is refused with 413.">
          <Select
            options={withOwn(
              sizes,
              String(values.max_body_bytes),
              `${values.max_body_bytes.toLocaleString("en")} bytes`,
            )}
            value={String(values.max_body_bytes)}
            onChange={(bytes) => set({ max_body_bytes: Number(bytes) })}
          />
        </Field>
        <DedupeFields {...parts} />
      </MoreFields>
    </>
  )
}

const inMore = ["methods", "max_body_bytes", "id_header", "id_window_seconds", "body_window_seconds"]
const hasError = (errors: Parts["errors"]): boolean => inMore.some((field) => field in errors)

const ReplyFields = ({ values, errors, set }: Parts) => (
  <>
    <Field
      label="Answer to the sender"
      help={
        values.reply === "outputs"
          ? "200 with the outputs when the execution ends."
          : "202 with the execution's id, as soon as it has begun."
      }
    >
      <Select
        options={[
          { value: "accepted", label: "At once" },
          { value: "outputs", label: "The outputs" },
        ]}
        value={values.reply}
        onChange={(reply) => set({ reply })}
      />
    </Field>
    {values.reply === "outputs" && (
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Wait at most" note="seconds" error={errors["wait_seconds"]}>
          <NumberInput
            integer
            value={values.wait_seconds}
            onChange={(wait_seconds) => set({ wait_seconds })}
          />
        </Field>
        <Field label="When it takes longer">
          <Select
            options={[
              { value: "accepted", label: "Answer 202" },
              { value: "problem", label: "Answer 504" },
            ]}
            value={values.on_timeout}
            onChange={(next) => set({ on_timeout: next === "problem" ? "problem" : "accepted" })}
          />
        </Field>
      </div>
    )}
  </>
)
