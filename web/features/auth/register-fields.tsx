import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import type { FormState } from "#web/ui/use-form.ts"

export type RegisterValues = {
  name: string
  email: string
  password: string
  tenant_name: string
  tenant_slug: string
}

type Parts = FormState<RegisterValues>

/** Rule of core/contract/auth.ts, said while one types. */
const shortest = 12

function passwordHelp(password: string, error: string | undefined): string | undefined {
  if (error) return undefined
  const missing = shortest - password.length
  if (password !== "" && missing > 0)
    return `${missing} more ${missing === 1 ? "character" : "characters"} needed`
  return "At least 12 characters. A few unrelated words make a good one."
}

export const PersonFields = ({ values, errors, set }: Pick<Parts, "values" | "errors" | "set">) => (
  <>
    <Field label="Your name" note="optional" error={errors["name"]}>
      <Input
        name="name"
        autoComplete="name"
        autoFocus
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
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
      help={passwordHelp(values.password, errors["password"])}
    >
      <PasswordInput
        name="password"
        autoComplete="new-password"
        maxLength={256}
        value={values.password}
        onChange={(event) => set({ password: event.target.value })}
      />
    </Field>
  </>
)

type TenantFieldsProps = Pick<Parts, "values" | "errors"> & {
  setName: (name: string) => void
  setSlug: (slug: string) => void
}

export const TenantFields = ({ values, errors, setName, setSlug }: TenantFieldsProps) => (
  <>
    <Field label="Tenant name" error={errors["tenant_name"]}>
      <Input
        name="tenant_name"
        autoComplete="organization"
        value={values.tenant_name}
        onChange={(event) => setName(event.target.value)}
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
        onChange={(event) => setSlug(event.target.value)}
      />
    </Field>
  </>
)
