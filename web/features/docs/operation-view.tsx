import { Globe, Lock } from "lucide-react"
import type { ReactNode } from "react"
import { Badge } from "#web/ui/badge.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { Tabs } from "#web/ui/tabs.tsx"
import { exampleOf } from "./example.ts"
import { MethodMark } from "./method-mark.tsx"
import { sayType, type Answer, type Operation, type Parameter } from "./model.ts"
import { SchemaView, useSchemas } from "./schema-view.tsx"
import { TryIt } from "./try-it.tsx"
import { Words } from "./words.tsx"

/** One operation: what it takes, what it answers, and a place to try it. */
export function OperationView({ operation, maySend }: { operation: Operation; maySend: boolean }) {
  const { summary, description, method, path, parameters, body, answers } = operation
  return (
    <article className="mx-auto grid max-w-6xl gap-x-10 gap-y-8 px-6 py-6 max-md:px-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="min-w-0">
        <h2 className="text-lg font-semibold">{summary}</h2>
        <p className="mt-1.5 flex min-w-0 items-center gap-2">
          <MethodMark method={method} className="text-sm" />
          <code className="min-w-0 font-mono text-sm break-all">{path}</code>
          <CopyButton text={path} label="Copy the path" className="size-6" />
        </p>
        <p className="mt-2">
          {operation.isOpen ? (
            <Badge>
              <Globe aria-hidden className="size-3" /> Open to everyone
            </Badge>
          ) : (
            <Badge>
              <Lock aria-hidden className="size-3" />
              {operation.scopes.length > 0 ? (
                <span className="font-mono">{operation.scopes.join(", ")}</span>
              ) : (
                "Session"
              )}
            </Badge>
          )}
        </p>
        {description && (
          <p className="prose-width mt-3 text-soft">
            <Words text={description} />
          </p>
        )}
        <div className="mt-7 flex flex-col gap-7">
          {parameters.length > 0 && (
            <Part title="Parameters">
              <Parameters parameters={parameters} />
            </Part>
          )}
          {body && (
            <Part title="Body" note={body.required ? "JSON, required" : "JSON, optional"}>
              <SchemaView schema={body.schema} />
            </Part>
          )}
          <Part title="Answers">
            <Answers answers={answers} />
            <Refusals operation={operation} />
          </Part>
        </div>
      </div>
      <div className="min-w-0 xl:sticky xl:top-6 xl:self-start">
        <TryIt key={operation.id} operation={operation} maySend={maySend} />
      </div>
    </article>
  )
}

const Part = ({ title, note, children }: { title: string; note?: string; children: ReactNode }) => (
  <section>
    <h3 className="mb-2 flex items-baseline gap-2 font-semibold">
      {title}
      {note && <span className="text-sm font-normal text-muted">{note}</span>}
    </h3>
    {children}
  </section>
)

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  return (
    <ul className="border-t border-line">
      {parameters.map((parameter) => (
        <li key={`${parameter.in} ${parameter.name}`} className="border-b border-line py-1.5">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-mono text-sm font-medium">{parameter.name}</span>
            <span className="min-w-0 font-mono text-xs break-words text-muted">
              {parameter.schema ? sayType(parameter.schema) : "string"} · {parameter.in}
            </span>
            {parameter.required && <span className="text-xs text-attention">required</span>}
          </p>
          {parameter.description && (
            <p className="text-sm text-muted">
              <Words text={parameter.description} />
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

const Refusals = ({ operation: { refusals } }: { operation: Operation }) =>
  refusals.length > 0 && (
    <p className="tabular mt-3 text-sm text-muted">
      Refused with <span className="font-mono">{refusals.join(", ")}</span> as{" "}
      <span className="font-mono">application/problem+json</span>.
    </p>
  )

function Answers({ answers }: { answers: readonly Answer[] }) {
  const schemas = useSchemas()
  return (
    <Tabs
      label="Answers by status"
      className="rounded-md border border-line"
      panelClassName="px-6 py-4"
      tabs={answers.map(({ status, description, schema }) => ({
        value: status,
        label: <span className="tabular font-mono text-sm">{status}</span>,
        panel: (
          <div className="flex flex-col gap-4">
            {description && <p className="text-muted">{description}</p>}
            {schema && <SchemaView schema={schema} />}
            {schema && status.startsWith("2") && (
              <CodeBlock title="Shape" code={JSON.stringify(exampleOf(schema, schemas), null, 2)} />
            )}
          </div>
        ),
      }))}
    />
  )
}
