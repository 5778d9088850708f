import { Link, useLocation } from "@tanstack/react-router"
import { CircleCheck, Link2Off } from "lucide-react"
import { useState } from "react"
import { authApi } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { session } from "#web/state/session.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { PasswordInput } from "#web/ui/input.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { useForm } from "#web/ui/use-form.ts"

/** The page of a mailed link: a new password, after which every session of the account has ended. */
export function ResetPage() {
  const token = useLocation({ select: ({ hash }) => hash })
  const [isSet, setSet] = useState(false)
  if (isSet) return <Done />
  if (!authApi.reset.body.shape.token.safeParse(token).success) return <NoLink />
  return (
    <NewPassword
      token={token}
      onSet={() => {
        // Not as one who leaves: they stay here to read that it is done.
        session.end("lost")
        setSet(true)
      }}
    />
  )
}

function NewPassword({ token, onSet }: { token: string; onSet: () => void }) {
  const form = useForm({
    initial: { password: "" },
    toBody: (values) => ({ ...values, token }),
    schema: authApi.reset.body,
    fieldOfCode: { "auth.weak_password": "password" },
    submit: async (body) => {
      await call(authApi.reset, { body })
      onSet()
    },
  })
  return (
    <OpenPage title="Set a new password">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Set a new password</h1>
        <p className="mt-1 text-muted">Wherever you are signed in, you are then signed out.</p>
      </div>
      <Form form={form}>
        <Field label="New password" error={form.errors["password"]} help="At least 12 characters.">
          <PasswordInput
            autoFocus
            autoComplete="new-password"
            maxLength={256}
            value={form.values.password}
            onChange={(event) => form.set({ password: event.target.value })}
          />
        </Field>
        <Button tone="primary" size="lg" type="submit" busy={form.busy} className="w-full">
          Set password
        </Button>
      </Form>
    </OpenPage>
  )
}

const Done = () => (
  <OpenPage title="Password set">
    <EmptyState
      icon={CircleCheck}
      heading="h1"
      title="Your new password is set"
      className="py-8"
      action={
        <Button asChild tone="primary">
          <Link to="/login">Sign in</Link>
        </Button>
      }
    >
      All your sessions have ended. Sign in with the new password.
    </EmptyState>
  </OpenPage>
)

const NoLink = () => (
  <OpenPage title="This link is not valid">
    <EmptyState
      icon={Link2Off}
      heading="h1"
      title="This link is not valid"
      className="py-8"
      action={
        <Button asChild>
          <Link to="/forgot">Ask for a new link</Link>
        </Button>
      }
    >
      It is incomplete. Copy the whole link from the mail, or ask for a new one.
    </EmptyState>
  </OpenPage>
)
