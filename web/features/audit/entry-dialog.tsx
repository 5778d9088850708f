import { useQuery } from "@tanstack/react-query"
import { CircleDashed, ShieldAlert, ShieldCheck } from "lucide-react"
import type { ReactNode } from "react"
import type { AuditRecord } from "#core/contract/audit"
import type { AuditId } from "#core/ids"
import { StatusBadge } from "#web/ui/badge.tsx"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { ValueDiff } from "#web/ui/value-diff.tsx"
import type { Check, CheckFault } from "./check-entry.ts"
import { entryQuery } from "./queries.ts"
import { actorOf, factsOf, sayAction } from "./words.ts"

/** One entry: who, what, from what to what, and whether it is still what was sealed. */
export function EntryDialog({ id, onClose }: { id: AuditId; onClose: () => void }) {
  const found = useQuery(entryQuery(id))
  const title = found.data ? sayAction(found.data.entry.action) : "Entry"
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} size="lg">
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data ? (
        <div className="flex flex-col gap-5">
          <Verdict check={found.data.check} />
          <Facts entry={found.data.entry} />
          <Details entry={found.data.entry} />
          {found.data.sealed && (
            <Proof
              hash={found.data.sealed.hash}
              note={found.data.inclusion?.checkpoint.note}
              verifierKey={found.data.verifier_key}
            />
          )}
        </div>
      ) : (
        <Loading what="the entry" className="flex flex-col gap-3">
          <Skeleton className="w-1/2" />
          <Skeleton className="h-24 w-full" />
        </Loading>
      )}
    </Dialog>
  )
}

const faultWords: Record<CheckFault, string> = {
  hash: "it was changed after it was sealed",
  detail: "its details were changed after they were sealed",
  detail_key: "its details were taken away",
  place: "it is not in the log that was signed",
  signature: "the checkpoint is not signed with the log's key",
}

function Verdict({ check }: { check: Check }) {
  switch (check.is) {
    case "waiting":
      return (
        <StatusBadge tone="waiting" icon={CircleDashed} look="soft">
          Being sealed: this takes a moment
        </StatusBadge>
      )
    case "broken":
      return (
        <div role="alert" className="flex flex-col gap-1">
          <StatusBadge tone="failed" icon={ShieldAlert} look="soft" className="self-start">
            Does not hold
          </StatusBadge>
          <p>
            This browser has checked the entry:{" "}
            {check.faults.map((fault) => faultWords[fault]).join(", and ")}.
          </p>
        </div>
      )
    case "whole":
      return (
        <div className="flex flex-col gap-1">
          <StatusBadge tone="succeeded" icon={ShieldCheck} look="soft" className="self-start">
            Verified
          </StatusBadge>
          <p className="text-muted">
            This browser has checked its hash, its details and its place among{" "}
            {check.size.toLocaleString("en")} entries under the checkpoint of <RelativeTime at={check.at} />
            {check.isSigned === null ? "; it cannot check the checkpoint's signature" : ", which is signed"}.
          </p>
        </div>
      )
    default:
      return check satisfies never
  }
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="tabular min-w-0 break-words">{children}</dd>
  </>
)

const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" })

function Facts({ entry }: { entry: AuditRecord }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5">
      <Fact name="Who">
        {actorOf(entry)}
        {entry.actor_name !== null && (
          <code className="ml-2 font-mono text-sm text-muted">{entry.actor}</code>
        )}
      </Fact>
      <Fact name="What">
        <code className="font-mono text-sm">{entry.action}</code>
      </Fact>
      {entry.target !== null && (
        <Fact name="Target">
          <code className="font-mono text-sm break-all">{entry.target}</code>
        </Fact>
      )}
      <Fact name="When">
        <time dateTime={entry.at}>{exact.format(new Date(entry.at))}</time>
      </Fact>
      <Fact name="Request">
        <code className="font-mono text-sm break-all">{entry.request_id}</code>
      </Fact>
      {entry.seq !== null && <Fact name="Entry">{entry.seq.toLocaleString("en")}</Fact>}
    </dl>
  )
}

function Details({ entry }: { entry: AuditRecord }) {
  if (entry.is_erased)
    return <p className="text-muted">The details were erased. What was sealed of the entry still holds.</p>
  const { changes, others } = factsOf(entry.detail)
  return (
    <>
      {changes.length > 0 && (
        <section aria-label="Changes" className="flex flex-col gap-3">
          {changes.map(({ path, from, to }) => (
            <ValueDiff key={path} path={path} left={from ?? undefined} right={to ?? undefined} />
          ))}
        </section>
      )}
      {Object.keys(others).length > 0 && (
        <section className="flex flex-col gap-1">
          <h3 className="text-sm font-medium text-muted">Further details</h3>
          <JsonView value={others} label="Further details" />
        </section>
      )}
    </>
  )
}

/** What somebody needs who wants to check it elsewhere. */
function Proof({ hash, note, verifierKey }: { hash: string; note: string | undefined; verifierKey: string }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-medium text-muted">Proof</h3>
      <Copied name="Hash" text={hash} />
      {note !== undefined && <Copied name="Checkpoint" text={note} />}
      <Copied name="Verifier key" text={verifierKey} />
    </section>
  )
}

const Copied = ({ name, text }: { name: string; text: string }) => (
  <div className="flex items-start gap-2">
    <pre className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-sm break-all whitespace-pre-wrap">
      <span className="sr-only">{name}: </span>
      {text.trimEnd()}
    </pre>
    <CopyButton text={text} label={`Copy ${name.toLowerCase()}`} />
  </div>
)
