import { Link, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { Form } from "#web/ui/form.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { AuthFrame } from "./auth-frame.tsx"
import { PersonFields, TenantFields, type RegisterValues } from "./register-fields.tsx"
import { slugFrom } from "./model.ts"
import { useEnter } from "./use-enter.ts"

const empty: RegisterValues = { name: "", email: "", password: "", tenant_name: "", tenant_slug: "" }

export function RegisterPage() {
  const { next } = useSearch({ from: "/outside" })
  const enter = useEnter()
  const [isSlugOwn, setSlugOwn] = useState(false)
  const form = useForm({
    initial: empty,
    toBody: ({ name, ...values }) => ({ ...values, ...(name.trim() ? { name } : {}) }),
    schema: authApi.register.body,
    submit: async (body) => {
      const { access_token: token, tenant_id: tenantId } = await call(authApi.register, { body })
      await enter(token, tenantId)
    },
    fieldOfCode: {
      "auth.weak_password": "password",
      "tenant.slug_taken": "tenant_slug",
    },
  })
  return (
    <AuthFrame
      title="Create a tenant"
      lead="A tenant is your team's own space, with its own database. You become its first admin."
      foot={
        <>
          Have an account?{" "}
          <Link
            to="/login"
            search={next ? { next } : {}}
            className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
          >
            Sign in
          </Link>
        </>
      }
    >
      <PageHeader crumbs={[{ label: "Create a tenant" }]} />
      <Form form={form}>
        <PersonFields values={form.values} errors={form.errors} set={form.set} />
        <TenantFields
          values={form.values}
          errors={form.errors}
          setName={(tenant_name) =>
            form.set({ tenant_name, ...(isSlugOwn ? {} : { tenant_slug: slugFrom(tenant_name) }) })
          }
          setSlug={(slug) => {
            // Emptied, it follows the name again.
            setSlugOwn(slug !== "")
            form.set({ tenant_slug: slug.toLowerCase() })
          }}
        />
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          Create tenant
        </Button>
      </Form>
    </AuthFrame>
  )
}
