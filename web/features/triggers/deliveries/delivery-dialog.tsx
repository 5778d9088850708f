import { Link } from "@tanstack/react-router"
import { RotateCw } from "lucide-react"
import type { ReactNode } from "react"
import type { Delivery } from "#core/contract/triggers"
import { Button } from "#web/ui/button.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { useTriggerPageActs } from "../queries.ts"
import { DeliveryLine } from "./delivery-line.tsx"
import { sayBytes } from "#web/ui/say-bytes.ts"

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" })

type DeliveryDialogProps = { delivery: Delivery; mayEdit: boolean; onClose: () => void }

/** All that is known of one delivery, and the way to deliver it once more. */
export function DeliveryDialog({ delivery, mayEdit, onClose }: DeliveryDialogProps) {
  const { redeliver } = useTriggerPageActs(delivery.trigger_id)
  const made = redeliver.data?.delivery
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={`Delivery of ${moment.format(Date.parse(delivery.at))}`}
      footer={
        mayEdit && (
          <>
            {!delivery.can_redeliver && (
              <span className="mr-auto text-muted">
                Its body was not kept whole: it cannot be delivered again.
              </span>
            )}
            <Button onClick={onClose} tone="ghost">
              Close
            </Button>
            <Button
              busy={redeliver.isPending}
              disabled={!delivery.can_redeliver}
              onClick={() => redeliver.mutate(delivery.id)}
            >
              <RotateCw aria-hidden />
              Deliver again
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <DeliveryLine delivery={delivery} />
        {redeliver.error && <ErrorNote error={redeliver.error} />}
        {made && (
          <div>
            <p className="mb-1 text-sm font-medium">Delivered again</p>
            <DeliveryLine delivery={made} />
          </div>
        )}
        <Facts delivery={delivery} />
        {Object.keys(delivery.query).length > 0 && <Pairs title="Query" pairs={delivery.query} />}
        {delivery.body_bytes > 0 && (
          <CodeBlock
            wrap
            title={
              delivery.body_excerpt.length < delivery.body_bytes && delivery.body_excerpt.length >= 4_000
                ? `Body: the first 4,000 characters of ${sayBytes(delivery.body_bytes)}`
                : "Body"
            }
            code={pretty(delivery.body_excerpt)}
          />
        )}
        {Object.keys(delivery.headers).length > 0 && <Pairs title="Headers" pairs={delivery.headers} />}
      </div>
    </Dialog>
  )
}

/** JSON with line breaks; anything else as it came. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { id, method, status, digest, scheduled_for: due, source_execution_id: source } = delivery
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
      {method && <Fact label="Request">{method}</Fact>}
      {status !== null && <Fact label="Answer">{status}</Fact>}
      {due && <Fact label="Fired for">{moment.format(Date.parse(due))}</Fact>}
      {source && (
        <Fact label="Ended">
          <Link
            to="/executions/$executionId"
            params={{ executionId: source }}
            className="focus-ring rounded-sm text-accent-ink hover:underline"
          >
            the execution that fired it
          </Link>
        </Fact>
      )}
      <Fact label="Id">
        <span className="font-mono text-sm break-all">{id}</span>
      </Fact>
      {digest && (
        <Fact label="SHA-256">
          <span className="font-mono text-sm break-all">{digest}</span>
        </Fact>
      )}
    </dl>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{label}</dt>
    <dd className="tabular min-w-0">{children}</dd>
  </>
)

const Pairs = ({ title, pairs }: { title: string; pairs: Record<string, string> }) => (
  <section aria-label={title}>
    <h3 className="mb-1 text-sm font-medium">{title}</h3>
    <dl className="grid grid-cols-[minmax(7rem,max-content)_1fr] gap-x-4 gap-y-0.5 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm">
      {Object.entries(pairs).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="break-all text-muted">{name}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  </section>
)
