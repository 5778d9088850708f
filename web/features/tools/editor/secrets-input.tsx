import { Plus, X } from "lucide-react"
import { useState } from "react"
import type { CredentialId } from "#core/ids"
import { SecretName } from "#core/tool/tool"
import type { Faults } from "#web/agent/use-draft.ts"
import { CredentialChoice } from "#web/credentials/credential-choice.tsx"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"

type Line = { name: string; id: CredentialId | undefined }

type SecretsInputProps = {
  value: Readonly<Record<string, CredentialId>>
  onChange: (value: Record<string, CredentialId>) => void
  faults: Faults
  disabled: boolean
}

const keptOf = (lines: readonly Line[]): Record<string, CredentialId> =>
  Object.fromEntries(
    lines.flatMap(({ name, id }): [string, CredentialId][] => (name && id !== undefined ? [[name, id]] : [])),
  )

/** Credentials by the names that texts have for them. A line that lacks one of the two stays in the form only. */
export function SecretsInput({ value, onChange, faults, disabled }: SecretsInputProps) {
  const [lines, setLines] = useState(() => Object.entries(value).map(([name, id]): Line => ({ name, id })))
  const put = (next: Line[]) => {
    setLines(next)
    onChange(keptOf(next))
  }
  const patch = (at: number, change: Partial<Line>) => put(lines.with(at, { ...lines[at]!, ...change }))
  const faultOf = ({ name }: Line, at: number) => {
    if (name === "") return undefined
    if (lines.findIndex((one) => one.name === name) < at) return "Another secret is called so"
    return SecretName.safeParse(name).error?.issues[0]?.message
  }
  return (
    <div className="flex flex-col gap-3">
      {lines.map((line, at) => (
        <div
          // A line's name is what is being typed; its place is its identity.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          role="group"
          aria-label={`Secret ${line.name || at + 1}`}
          className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-start gap-2"
        >
          <Field label="Name" error={faultOf(line, at)}>
            <Input
              disabled={disabled}
              spellCheck={false}
              maxLength={64}
              placeholder="key"
              className="font-mono text-sm"
              value={line.name}
              onChange={({ target }) => patch(at, { name: target.value })}
            />
          </Field>
          <CredentialChoice
            label="Credential"
            value={line.id}
            onChange={(id) => patch(at, { id })}
            error={faults[`credentials.${line.name}`]}
            disabled={disabled}
          />
          {!disabled && (
            <IconButton
              label={`Remove secret ${line.name || at + 1}`}
              size="sm"
              className="mt-6"
              onClick={() => put(lines.toSpliced(at, 1))}
            >
              <X />
            </IconButton>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => setLines([...lines, { name: "", id: undefined }])}
        >
          <Plus aria-hidden />
          Add a secret
        </Button>
      )}
    </div>
  )
}
