import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { Parts } from "./parts.ts"
import { withOwn } from "./with-own.ts"

const windows = [
  { value: "0", label: "Never" },
  { value: "300", label: "Within 5 minutes" },
  { value: "3600", label: "Within an hour" },
  { value: "86400", label: "Within a day" },
  { value: "604800", label: "Within 7 days" },
]
const own = (seconds: number) => `Within ${seconds.toLocaleString("en")} seconds`

/** When a delivery counts as one that came before, and starts nothing. */
export function DedupeFields({ values, errors, set }: Parts) {
  const body = values.body_window_seconds === null ? "" : String(values.body_window_seconds)
  return (
    <>
      <Field
        label="Header with the delivery's id"
        note="optional"
        error={errors["id_header"]}
        help="Empty: the one that the kind of signature brings, if it has one."
      >
        <Input
          spellCheck={false}
          className="font-mono text-sm"
          placeholder="X-Delivery-Id"
          value={values.id_header}
          onChange={(event) => set({ id_header: event.target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="The same id again"
          error={errors["id_window_seconds"]}
          help="Starts nothing a second time."
        >
          <Select
            options={withOwn(windows, String(values.id_window_seconds), own(values.id_window_seconds))}
            value={String(values.id_window_seconds)}
            onChange={(seconds) => set({ id_window_seconds: Number(seconds) })}
          />
        </Field>
        <Field
          label="The same body again"
          error={errors["body_window_seconds"]}
          help="For senders whose ids are not signed."
        >
          <Select
            options={[
              { value: "", label: values.signature === "github" ? "Within a day" : "Is taken" },
              ...withOwn(windows, body, own(Number(body))).filter(({ value }) => value !== ""),
            ]}
            value={body}
            onChange={(seconds) => set({ body_window_seconds: seconds === "" ? null : Number(seconds) })}
          />
        </Field>
      </div>
    </>
  )
}
