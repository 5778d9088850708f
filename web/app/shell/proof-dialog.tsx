import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { useMe } from "#web/api/me.ts"
import { proof } from "#web/state/proof.ts"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { PasswordInput } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"

/** Takes the person's password once more; what they were doing then goes on by itself. */
export default function ProofDialog() {
  const { user } = useMe()
  const form = useForm({
    initial: { password: "" },
    toBody: (values) => values,
    schema: authApi.reauthenticate.body,
    fieldOfCode: { "auth.bad_credentials": "password" },
    submit: async (body) => {
      await call(authApi.reauthenticate, { body })
      proof.settle(true)
    },
  })
  return (
    <FormDialog
      form={form}
      act="Confirm"
      onClose={() => proof.settle(false)}
      size="sm"
      title="Confirm that it is you"
      description="This needs your password once more. It then holds for 15 minutes."
    >
      {/* Tells a password manager whose password this is. */}
      <input type="text" autoComplete="username" value={user.email} readOnly hidden />
      <Field label="Password" error={form.errors["password"]}>
        <PasswordInput
          autoFocus
          autoComplete="current-password"
          value={form.values.password}
          onChange={(event) => form.set({ password: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
