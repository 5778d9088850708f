import { Link, useSearch } from "@tanstack/react-router"
import { ssoApi } from "#core/contract/sso"
import { call } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { AuthFrame } from "../auth-frame.tsx"
import { wayOn } from "./way-on.ts"

/** Leads to the OpenID provider of a tenant, which is asked for by its address. */
export function CompanyPage() {
  const { next } = useSearch({ from: "/outside" })
  const form = useForm({
    initial: { tenant_slug: "" },
    toBody: ({ tenant_slug }) => ({ tenant_slug: tenant_slug.trim().toLowerCase() }),
    schema: ssoApi.start.body,
    fieldOfCode: { "sso.not_configured": "tenant_slug" },
    submit: async (body) => {
      const { authorization_url: url } = await call(ssoApi.start, { body })
      wayOn.keep(next)
      location.assign(url)
      // The button stays busy until the browser has left.
      await new Promise(() => undefined)
    },
  })
  return (
    <AuthFrame
      title="Sign in with your company"
      lead="Your tenant's own sign-in opens; it leads back here."
      foot={
        <Link
          to="/login"
          search={next ? { next } : {}}
          className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
        >
          Sign in with a password
        </Link>
      }
    >
      <PageHeader crumbs={[{ label: "Sign in with your company" }]} />
      <Form form={form}>
        <Field
          label="Tenant address"
          error={form.errors["tenant_slug"]}
          help="Its short name, such as “acme”. Ask your admin if you do not know it."
        >
          <Input
            autoFocus
            autoComplete="organization"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            value={form.values.tenant_slug}
            onChange={(event) => form.set({ tenant_slug: event.target.value })}
          />
        </Field>
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          Go on
        </Button>
      </Form>
    </AuthFrame>
  )
}
