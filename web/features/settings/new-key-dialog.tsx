import { useState } from "react"
import { capabilities, type Capability } from "#core/access/capabilities"
import { apiKeysApi } from "#core/contract/api-keys"
import { useMe } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-state.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useKeyActs } from "./api-key-queries.ts"

const formId = "new-key"

const expiries = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
]

const dayMs = 86_400_000

/** What most keys are for: calling flows and seeing what came of it. */
const usualScopes: Capability[] = ["execution.start", "execution.read"]

type Made = { name: string; secret: string; scopes: Capability[] }

/** A read that these scopes allow, to try the key with. */
const tryPath = (scopes: readonly Capability[]): string | undefined =>
  scopes.includes("flow.read") ? "/flows" : scopes.includes("execution.read") ? "/executions" : undefined

/** Makes a key, then shows its secret this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const { create } = useKeyActs()
  const [made, setMade] = useState<Made | null>(null)
  const form = useForm({
    initial: { name: "", scopes: usualScopes.filter((scope) => me.capabilities.includes(scope)), expires: "90" },
    toBody: ({ name, scopes, expires }) => ({
      name,
      scopes,
      ...(expires === "never" ? {} : { expires_at: new Date(Date.now() + Number(expires) * dayMs).toISOString() }),
    }),
    schema: apiKeysApi.create.body,
    fieldOf: (path) => (path === "expires_at" ? "expires" : (path.split(".")[0] ?? path)),
    fieldOfCode: { "key.scope": "scopes" },
    submit: async (body) => {
      const { api_key: key, secret } = await create.mutateAsync(body)
      setMade({ name: key.name, secret, scopes: key.scopes })
    },
  })
  if (made) return <MadeKey {...made} onClose={onClose} />
  const { values, errors, set } = form
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New API key"
      description="It belongs to the tenant and can never do more than you."
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            Create key
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} noValidate onSubmit={(event) => void form.onSubmit(event)} className="flex flex-col gap-5">
        {form.failure !== null && <ErrorNote error={form.failure} />}
        <Field label="Name" error={errors["name"]} help="Where it will be used, such as “Website contact form”.">
          <Input autoFocus maxLength={120} value={values.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label="Expires" error={errors["expires"]}>
          <Select options={expiries} value={values.expires} onChange={(expires) => set({ expires })} />
        </Field>
        <FieldSet legend="Scopes" error={errors["scopes"]}>
          <div className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
            {me.capabilities.map((scope) => (
              <CheckboxLine
                key={scope}
                label={<span className="font-mono text-sm">{scope}</span>}
                help={capabilities[scope]}
                checked={values.scopes.includes(scope)}
                onCheckedChange={(on) =>
                  set({ scopes: on === true ? [...values.scopes, scope] : values.scopes.filter((one) => one !== scope) })
                }
              />
            ))}
          </div>
        </FieldSet>
      </form>
    </Dialog>
  )
}

const MadeKey = ({ name, secret, scopes, onClose }: Made & { onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: a stray click must not lose the secret.
    onOpenChange={() => undefined}
    hasClose={false}
    title={`“${name}” is ready`}
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <div className="flex flex-col gap-4">
      <SecretOnce secret={secret} label="API key" />
      {tryPath(scopes) && (
        <CodeBlock
          title="Try it"
          code={`curl ${location.origin}/api/v1${tryPath(scopes)} \\\n  -H "Authorization: Bearer $EDGECREW_KEY"`}
        />
      )}
    </div>
  </Dialog>
)
