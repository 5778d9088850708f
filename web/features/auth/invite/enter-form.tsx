import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useForm } from "#web/ui/use-form.ts"
import type { Invited } from "./model.ts"
import { useArrive } from "./use-arrive.ts"

const ways = [
  { value: "new", label: "I am new here" },
  { value: "existing", label: "I have an account" },
] as const
type Way = (typeof ways)[number]["value"]

/** For whoever is not signed in: a new account, or the password of the one they have. The page does not know which it is. */
export function EnterForm({ token, invited }: { token: string; invited: Invited }) {
  const arrive = useArrive()
  const [way, setWay] = useState<Way>("new")
  const isNew = way === "new"
  const form = useForm({
    initial: { name: "", password: "" },
    toBody: ({ name, password }) => ({
      token,
      password,
      existing: !isNew,
      ...(isNew && name.trim() ? { name } : {}),
    }),
    schema: authApi.acceptInvite.body,
    fieldOfCode: { "auth.weak_password": "password", "auth.bad_credentials": "password" },
    submit: async (body) => {
      const made = await call(authApi.acceptInvite, { body })
      await arrive(made.access_token, made.tenant_id)
    },
  })
  const { values, errors, set } = form
  return (
    <>
      <Segments label="Who you are" segments={ways} value={way} onChange={setWay} />
      <Form form={form}>
        <Field label="Email">
          <Input type="email" autoComplete="username" value={invited.email} readOnly />
        </Field>
        {isNew && (
          <Field label="Name" note="optional" error={errors["name"]}>
            <Input
              autoComplete="name"
              maxLength={120}
              value={values.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
        )}
        <Field
          label="Password"
          error={errors["password"]}
          {...(isNew ? { help: "At least 12 characters." } : {})}
        >
          <PasswordInput
            autoComplete={isNew ? "new-password" : "current-password"}
            maxLength={256}
            value={values.password}
            onChange={(event) => set({ password: event.target.value })}
          />
        </Field>
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          {isNew ? "Create account and join" : "Sign in and join"}
        </Button>
        {!isNew && (
          <Link
            to="/forgot"
            className="focus-ring w-fit rounded-sm font-medium text-accent-ink hover:underline"
          >
            Forgot your password?
          </Link>
        )}
      </Form>
    </>
  )
}
