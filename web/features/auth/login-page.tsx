import { Link, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { send } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { AuthFrame } from "./auth-frame.tsx"
import { ChooseTenant } from "./choose-tenant.tsx"
import { choiceSchema, type Choice, type Login } from "./model.ts"
import { useEnter } from "./use-enter.ts"

export function LoginPage() {
  const enter = useEnter()
  const [choice, setChoice] = useState<{ tenants: Choice["tenants"]; login: Login } | null>(null)

  /** Signs in, or learns that a tenant has to be chosen. */
  const signIn = async (login: Login) => {
    const response = await send(authApi.login, { body: login })
    const answer: unknown = await response.json()
    if (response.status === 300) {
      setChoice({ tenants: choiceSchema.parse(answer).tenants, login })
      return
    }
    const { access_token: token, tenant } = authApi.login.reply.parse(answer)
    await enter(token, tenant.id)
  }

  if (!choice) return <Credentials onSignIn={signIn} />
  return (
    <ChooseTenant
      email={choice.login.email}
      tenants={choice.tenants}
      onChoose={(slug) => signIn({ ...choice.login, tenant_slug: slug })}
      onBack={() => setChoice(null)}
    />
  )
}

function Credentials({ onSignIn }: { onSignIn: (login: Login) => Promise<void> }) {
  const { next } = useSearch({ from: "/outside" })
  const form = useForm({
    initial: { email: "", password: "" },
    toBody: (values) => values,
    schema: authApi.login.body,
    submit: onSignIn,
  })
  return (
    <AuthFrame
      title="Sign in"
      foot={
        <>
          No account yet?{" "}
          <Link
            to="/register"
            search={next ? { next } : {}}
            className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
          >
            Create a tenant
          </Link>
          <br />
          <Link to="/forgot" className="focus-ring rounded-sm font-medium text-accent-ink hover:underline">
            Forgot your password?
          </Link>
          <br />
          <Link
            to="/login/company"
            search={next ? { next } : {}}
            className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
          >
            Sign in with your company
          </Link>
        </>
      }
    >
      <PageHeader crumbs={[{ label: "Sign in" }]} />
      <Form form={form}>
        <Field label="Email" error={form.errors["email"]}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            autoFocus
            value={form.values.email}
            onChange={(event) => form.set({ email: event.target.value })}
          />
        </Field>
        <Field label="Password" error={form.errors["password"]}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            value={form.values.password}
            onChange={(event) => form.set({ password: event.target.value })}
          />
        </Field>
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          Sign in
        </Button>
      </Form>
    </AuthFrame>
  )
}
