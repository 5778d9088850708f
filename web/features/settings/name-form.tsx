import { useQueryClient } from "@tanstack/react-query"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { useMe } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input } from "#web/ui/input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"

export function NameForm() {
  const { user, tenant, role } = useMe()
  const queries = useQueryClient()
  const form = useForm({
    initial: { name: user.name },
    toBody: (values) => values,
    schema: authApi.updateMe.body,
    submit: async (body) => {
      queries.setQueryData(queryKeys.me, await call(authApi.updateMe, { body }))
      toast.done("Name saved")
    },
  })
  return (
    <Form form={form} className="max-w-sm">
      <Field label="Name" error={form.errors["name"]}>
        <Input
          autoComplete="name"
          value={form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      </Field>
      <Field label="Email" help={`${capital(role)} of ${tenant.name}`}>
        <Input type="email" readOnly value={user.email} />
      </Field>
      <Button
        type="submit"
        className="self-start"
        busy={form.busy}
        disabled={form.values.name.trim() === user.name}
      >
        Save name
      </Button>
    </Form>
  )
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
