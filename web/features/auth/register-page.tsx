import { Link, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-state.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { AuthFrame } from "./auth-frame.tsx"
import { slugFrom } from "./model.ts"
import { useEnter } from "./use-enter.ts"

const shortest = 12

export function RegisterPage() {
  const { next } = useSearch({ from: "/outside" })
  const enter = useEnter()
  const [isSlugOwn, setSlugOwn] = useState(false)
  const form = useForm({
    initial: { name: "", email: "", password: "", tenant_name: "", tenant_slug: "" },
    toBody: ({ name, ...values }) => ({ ...values, ...(name.trim() ? { name } : {}) }),
    schema: authApi.register.body,
    submit: async (body) => {
      const { access_token: token, tenant_id: tenantId } = await call(authApi.register, { body })
      await enter(token, tenantId)
    },
    fieldOfCode: { "auth.email_taken": "email", "auth.weak_password": "password", "tenant.slug_taken": "tenant_slug" },
  })
  const { values, errors, set } = form
  const missing = shortest - values.password.length

  return (
    <AuthFrame
      title="Create a tenant"
      lead="A tenant is your team's own space, with its own database. You become its first admin."
      foot={
        <>
          Have an account?{" "}
          <Link to="/login" search={next ? { next } : {}} className="focus-ring rounded-sm font-medium text-accent-ink hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <PageHeader crumbs={[{ label: "Create a tenant" }]} />
      <form ref={form.form} noValidate onSubmit={(event) => void form.onSubmit(event)} className="flex flex-col gap-4">
        {form.failure !== null && <ErrorNote error={form.failure} />}
        <Field label="Your name" note="optional" error={errors["name"]}>
          <Input name="name" autoComplete="name" autoFocus value={values.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label="Email" error={errors["email"]}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={values.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        </Field>
        <Field
          label="Password"
          error={errors["password"]}
          help={
            errors["password"]
              ? undefined
              : values.password !== "" && missing > 0
              ? `${missing} more ${missing === 1 ? "character" : "characters"} needed`
              : "At least 12 characters. A few unrelated words make a good one."
          }
        >
          <PasswordInput
            name="password"
            autoComplete="new-password"
            maxLength={256}
            value={values.password}
            onChange={(event) => set({ password: event.target.value })}
          />
        </Field>
        <Field label="Tenant name" error={errors["tenant_name"]}>
          <Input
            name="tenant_name"
            autoComplete="organization"
            value={values.tenant_name}
            onChange={(event) =>
              set({ tenant_name: event.target.value, ...(isSlugOwn ? {} : { tenant_slug: slugFrom(event.target.value) }) })
            }
          />
        </Field>
        <Field
          label="Tenant address"
          error={errors["tenant_slug"]}
          help="Names the tenant in links and when you sign in. It cannot be changed later."
        >
          <Input
            name="tenant_slug"
            className="font-mono text-sm"
            spellCheck={false}
            autoCapitalize="none"
            value={values.tenant_slug}
            onChange={(event) => {
              setSlugOwn(event.target.value !== "")
              set({ tenant_slug: event.target.value.toLowerCase() })
            }}
          />
        </Field>
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          Create tenant
        </Button>
      </form>
    </AuthFrame>
  )
}
