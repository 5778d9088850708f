import { CircleCheck } from "lucide-react"
import { useEffect } from "react"
import type { FormAnswer } from "#core/contract/triggers"
import { isJsonObject, type Json } from "#core/json"
import { JsonView } from "#web/ui/json-view.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { safeHref } from "#web/ui/markdown/inline.ts"

/** What whoever sent a form in is told when it went well. */
export function AnswerView({ answer }: { answer: Exclude<FormAnswer, { is: "failed" }> }) {
  switch (answer.is) {
    case "message":
      return (
        <div role="status" className="flex gap-2.5">
          <CircleCheck aria-hidden className="mt-0.5 text-succeeded" />
          <Markdown text={answer.message} className="text-md" />
        </div>
      )
    case "redirect":
      return <Leave url={answer.url} />
    case "outputs":
      return (
        <div role="status" className="flex min-w-0 flex-col gap-4">
          <Outputs outputs={answer.outputs} />
        </div>
      )
    default:
      return answer satisfies never
  }
}

/** Goes to another site by itself; the link is for those whose browser does not. */
function Leave({ url }: { url: string }) {
  const href = safeHref(url)
  useEffect(() => {
    if (href !== null) location.assign(href)
  }, [href])
  return (
    <p role="status">
      Thank you. Going on to{" "}
      <a href={href ?? undefined} className="focus-ring rounded-sm text-accent-ink underline break-all">
        {href ?? "another page"}
      </a>
      …
    </p>
  )
}

/** Text as text, a record of texts under their names, anything else as it is. */
function Outputs({ outputs }: { outputs: Json }) {
  if (outputs === null) return <p>Done.</p>
  if (typeof outputs === "string") return <Markdown text={outputs} />
  if (!isJsonObject(outputs)) return <JsonView value={outputs} label="Result" />
  return (
    <dl className="flex min-w-0 flex-col gap-4">
      {Object.entries(outputs).map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-sm font-medium text-muted">{name}</dt>
          <dd className="mt-0.5">
            {typeof value === "object" && value !== null ? (
              <JsonView value={value} label={name} />
            ) : (
              <Markdown text={String(value)} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
