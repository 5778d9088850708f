import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"

export const isPrefix = (text: string): boolean => text === "" || /^[a-z][a-z0-9_]{0,20}$/.test(text)

/** What the names of all tools begin with, so that those of two servers do not meet. */
export const PrefixField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => (
  <Field
    label="Prefix"
    note="optional"
    error={isPrefix(value) ? undefined : "Use a small letter, then small letters, digits and _ (21 at most)"}
    help="The names of all tools begin with it: shop makes shop_find_order."
  >
    <Input
      spellCheck={false}
      autoCapitalize="none"
      maxLength={21}
      className="font-mono text-sm"
      placeholder="shop"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  </Field>
)
