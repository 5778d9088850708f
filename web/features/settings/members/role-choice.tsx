import { useId } from "react"
import { Role } from "#core/access/roles"
import { FieldSet } from "#web/ui/field.tsx"
import { roleWords } from "./roles.ts"

type RoleChoiceProps = {
  value: Role
  /** Nobody gives more than they have. */
  isOffered: (role: Role) => boolean
  error: string | undefined
  onChange: (role: Role) => void
}

const widestFirst = Role.options.toSorted(
  (one, other) => Object.keys(roleWords).indexOf(one) - Object.keys(roleWords).indexOf(other),
)

/** The roles with what each may do. */
export function RoleChoice({ value, isOffered, error, onChange }: RoleChoiceProps) {
  const name = useId()
  return (
    <FieldSet legend="Role" error={error}>
      {widestFirst.filter(isOffered).map((role) => (
        <label key={role} className="flex items-start gap-2 rounded-md py-1">
          <input
            type="radio"
            name={name}
            value={role}
            checked={role === value}
            onChange={() => onChange(role)}
            aria-label={roleWords[role].label}
            aria-describedby={`${name}-${role}`}
            className="focus-ring mt-0.5 size-4 accent-accent"
          />
          <span className="min-w-0">
            <span className="block font-medium">{roleWords[role].label}</span>
            <span id={`${name}-${role}`} className="block text-sm text-muted">
              {roleWords[role].may}
            </span>
          </span>
        </label>
      ))}
    </FieldSet>
  )
}
