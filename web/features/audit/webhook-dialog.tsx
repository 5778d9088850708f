import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Send, Webhook } from "lucide-react"
import { useState } from "react"
import { auditWebhookApi, type AuditWebhook } from "#core/contract/audit-webhook"
import { useCan } from "#web/api/me.ts"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { StatusBadge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { webhookQuery } from "./queries.ts"

/** Opens where checkpoints are sent, for who may change that. */
export function WebhookButton() {
  const may = useCan("workspace.edit")
  const { data } = useQuery({ ...webhookQuery, enabled: may })
  const [isOpen, setOpen] = useState(false)
  if (!may) return null
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={!data}>
        <Webhook aria-hidden className="size-4" />
        Webhook
      </Button>
      {isOpen && data && <WebhookDialog webhook={data.webhook} onClose={() => setOpen(false)} />}
    </>
  )
}

function WebhookDialog({ webhook, onClose }: { webhook: AuditWebhook | null; onClose: () => void }) {
  const queries = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initial: { url: webhook?.url ?? "" },
    toBody: ({ url }) => ({ url: url.trim() }),
    schema: auditWebhookApi.put.body,
    fieldOf: (path) => path,
    submit: async (body) => {
      const saved = await call(auditWebhookApi.put, { body })
      queries.setQueryData(queryKeys.auditWebhook, { webhook: saved.webhook })
      if (saved.secret === null) onClose()
      else setSecret(saved.secret)
    },
  })
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} />
  return (
    <FormDialog
      form={form}
      title="Send checkpoints out"
      description="Whoever has a checkpoint of their own can tell when the log was cut or made anew. Each new one is sent to this address, signed."
      act={webhook ? "Save" : "Send them"}
      onClose={onClose}
      aside={webhook && <RemoveWebhook url={webhook.url} onDone={onClose} />}
    >
      <Field
        label="Address"
        error={form.errors["url"]}
        help={
          webhook
            ? `Signed with the secret that ends with ${webhook.secret.hint}. Another address gets another secret.`
            : "Such as https://example.com/checkpoints"
        }
      >
        <Input
          inputMode="url"
          spellCheck={false}
          maxLength={2_000}
          value={form.values.url}
          onChange={(event) => form.set({ url: event.target.value })}
        />
      </Field>
      {webhook && <LastDelivery webhook={webhook} />}
    </FormDialog>
  )
}

const sayEntries = (count: number): string =>
  `${count.toLocaleString("en")} ${count === 1 ? "entry" : "entries"}`

/** What became of the last checkpoint that was sent, and how many wait. */
function LastDelivery({ webhook: { delivery, waiting } }: { webhook: AuditWebhook }) {
  const queries = useQueryClient()
  const test = useMutation({
    mutationFn: () => call(auditWebhookApi.test, {}),
    onSuccess: ({ ok, size, error }) => {
      if (ok) toast.done(`The checkpoint over ${sayEntries(size)} has arrived`)
      else toast.failed(new Error(error?.message ?? "It did not arrive"), "It did not arrive")
    },
    onError: (error) => toast.failed(error),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.auditWebhook }),
  })
  return (
    <section aria-label="Last delivery" className="flex flex-col items-start gap-2">
      {delivery ? (
        <>
          <StatusBadge tone={delivery.state === "arrived" ? "succeeded" : "failed"} icon={Send} look="soft">
            {delivery.state === "arrived" ? "Arrived" : "Did not arrive"}
          </StatusBadge>
          <p className="tabular text-muted">
            The checkpoint over {sayEntries(delivery.size)}, <RelativeTime at={delivery.at} />
            {delivery.error && `: ${delivery.error.message}`}
          </p>
          {delivery.next_at !== null && (
            <p className="tabular text-muted">
              Tried {delivery.attempts === 1 ? "once" : `${delivery.attempts} times`}, next{" "}
              <RelativeTime at={delivery.next_at} />. {waiting.toLocaleString("en")} to be sent.
            </p>
          )}
        </>
      ) : (
        <p className="text-muted">The newest checkpoint is on its way.</p>
      )}
      <Button size="sm" busy={test.isPending} onClick={() => test.mutate()}>
        Sign and send now
      </Button>
    </section>
  )
}

function RemoveWebhook({ url, onDone }: { url: string; onDone: () => void }) {
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button className="mr-auto" onClick={() => setOpen(true)}>
        Stop sending…
      </Button>
      <AlertDialog
        open={isOpen}
        onOpenChange={setOpen}
        title="Send checkpoints nowhere?"
        description={
          <span className="break-all">{url} gets no further ones, and its secret is forgotten.</span>
        }
        act="Stop sending"
        onAct={async () => {
          await call(auditWebhookApi.remove, {})
          queries.setQueryData(queryKeys.auditWebhook, { webhook: null })
          onDone()
        }}
      />
    </>
  )
}

/** The one time that the secret is seen. */
const SecretDialog = ({ secret, onClose }: { secret: string; onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: a stray click must not lose the secret.
    onOpenChange={() => undefined}
    hasClose={false}
    title="Checkpoints are sent"
    description="They are signed with this secret, so that the receiver can tell them from others."
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <SecretOnce
      secret={secret}
      label="Secret of the webhook"
      note="Copy it now: it is kept encrypted and cannot be shown again."
    />
  </Dialog>
)
