import { Link } from "@tanstack/react-router"
import { MailCheck } from "lucide-react"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input } from "#web/ui/input.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { AuthFrame } from "./auth-frame.tsx"

const back = (
  <Link to="/login" className="focus-ring rounded-sm font-medium text-accent-ink hover:underline">
    Back to signing in
  </Link>
)

/** Asks for a mail with a link. What it says is the same for every address. */
export function ForgotPage() {
  const [asked, setAsked] = useState<string | null>(null)
  const form = useForm({
    initial: { email: "" },
    toBody: (values) => values,
    schema: authApi.resetRequest.body,
    submit: async (body) => {
      await call(authApi.resetRequest, { body })
      setAsked(body.email)
    },
  })
  if (asked !== null) {
    return (
      <AuthFrame title="Look into your mail" foot={back}>
        <PageHeader crumbs={[{ label: "Look into your mail" }]} />
        <p role="status" className="flex gap-2.5">
          <MailCheck aria-hidden className="mt-0.5 text-succeeded" />
          <span className="min-w-0 break-words">
            If {asked} has an account, a mail with a link is on its way. The link works once, for 30 minutes.
          </span>
        </p>
        <p className="mt-3 text-muted">
          No mail? This installation may send none. An admin of your tenant can then give you a link.
        </p>
      </AuthFrame>
    )
  }
  return (
    <AuthFrame
      title="Forgot your password?"
      lead="You are sent a link by which you set a new one."
      foot={back}
    >
      <PageHeader crumbs={[{ label: "Forgot your password?" }]} />
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
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="mt-1 w-full">
          Send the link
        </Button>
      </Form>
    </AuthFrame>
  )
}
