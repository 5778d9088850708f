import { isJsonObject, type Json } from "#core/json"
import { JsonView } from "#web/ui/json-view.tsx"
import { StreamedText } from "./step-output.tsx"

/** `system_prompt` reads "System prompt". */
const sayName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ")

/** What a step was given. Prompts are there to be read, so an object of nothing but texts is shown as texts. */
export function ResolvedFields({ value, label }: { value: Json; label: string }) {
  const fields = isJsonObject(value) ? Object.entries(value) : []
  const texts = fields.filter((field): field is [string, string] => typeof field[1] === "string")
  if (texts.length === 0 || texts.length < fields.length) return <JsonView value={value} label={label} />
  return (
    <dl className="flex flex-col gap-4">
      {texts.map(([name, text]) => (
        <div key={name} className="flex min-w-0 flex-col gap-1">
          <dt className="text-sm text-muted">{sayName(name)}</dt>
          <dd className="rounded-md border border-line bg-sunken px-3 py-2">
            <StreamedText text={text} streaming={false} label={sayName(name)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
