import { useQueryClient } from "@tanstack/react-query"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { useMe } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { PasswordInput } from "#web/ui/input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"

const empty = { current_password: "", new_password: "" }

export function PasswordForm() {
  const { user } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initial: empty,
    toBody: (values) => values,
    schema: authApi.password.body,
    fieldOfCode: { "auth.bad_credentials": "current_password", "auth.weak_password": "new_password" },
    submit: async (body) => {
      await call(authApi.password, { body })
      form.set(empty)
      await queries.invalidateQueries({ queryKey: queryKeys.sessions })
      toast.done("Password changed; your other sessions have ended")
    },
  })
  const { values, errors, set } = form
  return (
    <Form form={form} className="max-w-sm">
      {/* Tells a password manager whose password this is. */}
      <input type="text" autoComplete="username" value={user.email} readOnly hidden />
      <Field label="Current password" error={errors["current_password"]}>
        <PasswordInput
          autoComplete="current-password"
          value={values.current_password}
          onChange={(event) => set({ current_password: event.target.value })}
        />
      </Field>
      <Field label="New password" error={errors["new_password"]} help="At least 12 characters.">
        <PasswordInput
          autoComplete="new-password"
          maxLength={256}
          value={values.new_password}
          onChange={(event) => set({ new_password: event.target.value })}
        />
      </Field>
      <Button
        type="submit"
        className="self-start"
        busy={form.busy}
        disabled={values.current_password === "" || values.new_password === ""}
      >
        Change password
      </Button>
    </Form>
  )
}
