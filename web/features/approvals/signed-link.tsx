import { Link2 } from "lucide-react"
import { useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Popover } from "#web/ui/popover.tsx"
import { Select } from "#web/ui/select.tsx"
import { useSignedLink, type ApprovalPlace } from "./queries.ts"

const expiries = [
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
]

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" })

/** Makes a link by which somebody without an account answers this one question. */
export function SignedLink({ place }: { place: ApprovalPlace }) {
  return (
    <Popover
      label="Signed link"
      align="end"
      className="w-80 p-3"
      trigger={
        <Button size="sm">
          <Link2 aria-hidden className="size-3.5" />
          Signed link
        </Button>
      }
    >
      <LinkMaker place={place} />
    </Popover>
  )
}

function LinkMaker({ place }: { place: ApprovalPlace }) {
  const [seconds, setSeconds] = useState("604800")
  const link = useSignedLink(place)
  const made = link.data
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        Whoever has the link may answer this question once, without an account. It shows the question and
        nothing else.
      </p>
      {made ? (
        <Field
          label="Link"
          help={`Good until ${moment.format(Date.parse(made.expires_at))}, or until it is used.`}
        >
          <LinkText url={made.url} />
        </Field>
      ) : (
        <Field label="Good for">
          <Select options={expiries} value={seconds} onChange={setSeconds} />
        </Field>
      )}
      {link.error && <ErrorNote error={link.error} />}
      {!made && (
        <Button tone="primary" busy={link.isPending} onClick={() => link.mutate(Number(seconds))}>
          Make a link
        </Button>
      )}
    </div>
  )
}

/** `Field` gives its id and description to the input. */
const LinkText = ({ url, ...rest }: { url: string }) => (
  <div className="flex items-center gap-1">
    <Input
      {...rest}
      readOnly
      value={url}
      onFocus={(event) => event.currentTarget.select()}
      className="font-mono text-sm"
    />
    <CopyButton text={url} label="Copy the link" />
  </div>
)
