import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { CodeBlock } from "#web/ui/code-block.tsx"
import type { FailureRow, Reference } from "./model.ts"
import { Words } from "./words.tsx"

const withKey = '-H "Authorization: Bearer $EDGECREW_KEY"'

const executeCall = (origin: string) =>
  [
    `curl -X POST ${origin}/api/v1/flows/$FLOW_ID/execute`,
    withKey,
    '-H "Content-Type: application/json"',
    '-H "Prefer: wait=30"',
    `-d '{"inputs": {"text": "…"}}'`,
  ].join(" \\\n  ")

const problem = {
  type: "about:blank",
  title: "This flow does not exist.",
  status: 404,
  detail: "This flow does not exist.",
  code: "flow.not_found",
  request_id: "req_01JD0000000000000000000000",
}

/** What holds for every operation, before one is chosen. */
export function Overview({ reference, signedIn }: { reference: Reference; signedIn: boolean }) {
  const { origin } = location
  const { title, version, description, failures } = reference
  return (
    <article className="mx-auto flex max-w-3xl flex-col gap-8 px-6 py-6 max-md:px-4">
      <header>
        <h2 className="text-lg font-semibold">
          {title} API <span className="tabular font-normal text-muted">v{version}</span>
        </h2>
        {description && (
          <p className="prose-width mt-1 text-soft">
            <Words text={description} />
          </p>
        )}
      </header>
      <Part title="Call it with a key">
        <p>
          {signedIn ? <KeyLink /> : "Create an API key in the settings"} and send it as a bearer token. Its
          scopes say what the caller may do.
        </p>
        <CodeBlock code={`curl ${origin}/api/v1/flows \\\n  ${withKey}`} />
      </Part>
      <Part title="Execute a flow and wait for the answer">
        <p>
          <Words text="`Prefer: wait=30` answers with the outputs when it ends in time; `Accept: text/event-stream` answers with the stream itself; without either it starts and answers at once." />
        </p>
        <CodeBlock code={executeCall(origin)} />
      </Part>
      <Part title="Lists and writes">
        <ul className="list-disc pl-5 marker:text-muted">
          <li>
            <Words text="Lists take `page`, `limit`, `sort` (a minus turns the order) and `search`, and answer with `total` and `page_info`." />
          </li>
          <li>
            <Words text="Writes take an `Idempotency-Key`; updates take `If-Match` with the `ETag` you read." />
          </li>
          <li>Deleting is soft: restoring brings the same thing back.</li>
        </ul>
      </Part>
      <Part title="Refusals">
        <p>
          <Words text="Every refusal is `application/problem+json` (RFC 9457). Its `code` is stable; `request_id` finds it in the logs." />
        </p>
        <CodeBlock code={JSON.stringify(problem, null, 2)} />
      </Part>
      {failures.length > 0 && (
        <Part title="Codes">
          <FailureTable failures={failures} />
        </Part>
      )}
    </article>
  )
}

const KeyLink = () => (
  <Link
    to="/settings/api-keys"
    className="focus-ring rounded-sm font-medium text-accent-ink underline-offset-2 hover:underline"
  >
    Create an API key
  </Link>
)

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h3 className="font-semibold">{title}</h3>
    <div className="mt-1 flex flex-col gap-3 text-soft [&>p]:max-w-[75ch]">{children}</div>
  </section>
)

const FailureTable = ({ failures }: { failures: readonly FailureRow[] }) => (
  <table className="w-full border-collapse text-left">
    <thead>
      <tr className="border-b border-line text-sm text-muted">
        <th className="py-1.5 pr-4 font-normal">Code</th>
        <th className="py-1.5 pr-4 font-normal">Status</th>
        <th className="py-1.5 font-normal max-md:hidden">Says</th>
      </tr>
    </thead>
    <tbody>
      {failures.map(({ code, status, say }) => (
        <tr key={code} className="border-b border-line align-top">
          <td className="py-1.5 pr-4 font-mono text-sm">
            {code}
            <span className="block font-sans text-muted md:hidden">{say}</span>
          </td>
          <td className="tabular py-1.5 pr-4 font-mono text-sm">{status}</td>
          <td className="py-1.5 max-md:hidden">{say}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
