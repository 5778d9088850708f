import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { ReplyOf } from "#core/contract/endpoint"
import type { privacyApi } from "#core/contract/privacy"
import type { Erasure } from "#core/privacy/erasure"
import { useMe } from "#web/api/me.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { Badge, type Tone } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Select } from "#web/ui/select.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { Section } from "#web/ui/settings-section.tsx"
import { EraseDialog } from "./erase-dialog.tsx"
import { OwnData } from "./own-data.tsx"
import { erasuresQuery, peopleQuery, usePrivacyActs } from "./queries.ts"

type Asked = ReplyOf<typeof privacyApi.ask>

/** Other people's data: taken out in their stead, or erased after a second word. */
export function Erasures() {
  const me = useMe()
  const people = useQuery(peopleQuery)
  const [chosen, setChosen] = useState("")
  const [isAsking, setAsking] = useState<"member" | "visitor" | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const others = people.data?.filter(({ id }) => id !== me.user.id) ?? []
  const person = others.find(({ id }) => id === chosen)
  return (
    <Section
      title="Other people's data"
      lead="Take it out when somebody asks what is known of them, and erase it when they ask for that."
    >
      <div className="flex flex-col gap-4">
        {people.isError ? (
          <ErrorNote error={people.error} />
        ) : people.isPending ? (
          <Loading what="the members">
            <Skeleton className="w-1/2" />
          </Loading>
        ) : others.length === 0 ? (
          <p className="text-muted">Nobody else is a member of this workspace.</p>
        ) : (
          <div className="flex flex-wrap items-end gap-2">
            <Field label="Member" className="w-64 max-w-full">
              <Select
                value={chosen}
                onChange={setChosen}
                options={[
                  { value: "", label: "Choose somebody" },
                  ...others.map(({ id, name, email }) => ({
                    value: id,
                    label: name === email ? email : `${name} (${email})`,
                  })),
                ]}
              />
            </Field>
            {person && (
              <>
                <OwnData of={person.id} label="Download data" />
                <Button onClick={() => setAsking("member")}>Erase…</Button>
              </>
            )}
          </div>
        )}
        <Button className="self-start" onClick={() => setAsking("visitor")}>
          Erase a visitor's chat…
        </Button>
        <ErasureList onConfirm={setAsked} />
      </div>
      {isAsking && (
        <EraseDialog
          person={isAsking === "member" ? person : undefined}
          onClose={() => setAsking(null)}
          onAsked={setAsked}
        />
      )}
      {asked && <ConfirmDialog asked={asked} onClose={() => setAsked(null)} />}
    </Section>
  )
}

/** How many of what goes: names of counts are in the plural. */
function sayGone(what: string, count: number): string {
  const words = what.replaceAll("_", " ").replace(/^api /, "API ")
  return `${count.toLocaleString("en")} ${count === 1 ? words.replace(/ies$/, "y").replace(/s$/, "") : words}`
}

/** The second word: what must be typed is the person's address, or the chat's id. */
function ConfirmDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { confirm } = usePrivacyActs()
  const affects = Object.entries(asked.affects).filter(
    ([what, count]) => count > 0 && what !== "flows_naming_the_address",
  )
  const flows = asked.affects["flows_naming_the_address"] ?? 0
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Erase this for good?"
      description={
        <>
          <p>
            It cannot be brought back by anybody. What stays is that somebody was erased, by an id that names
            nobody, and what others made.
          </p>
          {affects.length > 0 && (
            <p className="mt-1.5">Goes: {affects.map(([what, count]) => sayGone(what, count)).join(", ")}.</p>
          )}
          {flows > 0 && (
            <p className="mt-1.5">
              {flows === 1
                ? "One flow names this address and keeps it until somebody changes that flow."
                : `${flows.toLocaleString("en")} flows name this address and keep it until somebody changes them.`}
            </p>
          )}
        </>
      }
      act="Erase for good"
      typeName={asked.confirm}
      onAct={async () => {
        const { erasure } = await confirm.mutateAsync({ id: asked.erasure.id, confirm: asked.confirm })
        toast.done(erasure.status === "done" ? "Erased" : "Erasing; what is left goes within minutes")
      }}
    />
  )
}

const states: Record<Erasure["status"], { tone: Tone; word: string }> = {
  asked: { tone: "waiting", word: "Not confirmed" },
  erasing: { tone: "running", word: "Erasing" },
  done: { tone: "succeeded", word: "Erased" },
}

function ErasureList({ onConfirm }: { onConfirm: (asked: Asked) => void }) {
  const list = useQuery(erasuresQuery)
  const { ask } = usePrivacyActs()
  if (list.isError) return <ErrorNote error={list.error} />
  if (!list.data || list.data.length === 0)
    return <p className="text-sm text-muted">Nothing was erased so far.</p>
  const again = async ({ subject, scope, reason }: Erasure) => {
    try {
      const who = subject.startsWith("user_") ? { user_id: subject } : { chat_id: subject }
      onConfirm(await ask.mutateAsync({ ...who, scope, reason }))
    } catch (error) {
      toast.failed(error, "This cannot be erased")
    }
  }
  return (
    <ul aria-label="Erasures" className="divide-y divide-line rounded-md border border-line">
      {list.data.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
          <Badge tone={states[one.status].tone}>{states[one.status].word}</Badge>
          <span className="min-w-0 font-mono text-sm break-all">{one.subject}</span>
          <span className="min-w-0 flex-1 break-words text-soft">{one.reason}</span>
          <RelativeTime at={one.finished_at ?? one.requested_at} className="text-sm text-muted" />
          {one.status === "asked" && (
            <Button size="xs" onClick={() => void again(one)}>
              Confirm…
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
