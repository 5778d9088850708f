import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { CodeBlock } from "#web/ui/code-block.tsx"
import type { Reference } from "./model.ts"
import { Words } from "./words.tsx"

/** What holds for every operation, before one is chosen. */
export function Overview({ reference, signedIn }: { reference: Reference; signedIn: boolean }) {
  const { origin } = location
  return (
    <article className="mx-auto flex max-w-3xl flex-col gap-8 px-6 py-6 max-md:px-4">
      <header>
        <h2 className="text-lg font-semibold">
          {reference.title} API <span className="tabular font-normal text-muted">{reference.version}</span>
        </h2>
        {reference.description && (
          <p className="prose-width mt-1 text-soft">
            <Words text={reference.description} />
          </p>
        )}
      </header>
      <Part title="Call it with a key">
        <p>
          {signedIn ? (
            <Link to="/settings/api-keys" className="focus-ring rounded-sm font-medium text-accent-ink hover:underline">
              Create an API key
            </Link>
          ) : (
            "Create an API key in the settings"
          )}{" "}
          and send it as a bearer token. Its scopes say what the caller may do.
        </p>
        <CodeBlock code={`curl ${origin}/api/v1/flows \\\n  -H "Authorization: Bearer $EDGECREW_KEY"`} />
      </Part>
      <Part title="Execute a flow and wait for the answer">
        <p>
          <Code>Prefer: wait=30</Code> answers with the outputs when it ends in time; <Code>Accept: text/event-stream</Code> answers with
          the stream itself; without either it starts and answers at once.
        </p>
        <CodeBlock
          code={`curl -X POST ${origin}/api/v1/flows/$FLOW_ID/execute \\\n  -H "Authorization: Bearer $EDGECREW_KEY" \\\n  -H "Content-Type: application/json" \\\n  -H "Prefer: wait=30" \\\n  -d '{"inputs": {"text": "…"}}'`}
        />
      </Part>
      <Part title="Errors">
        <p>
          Every refusal is <Code>application/problem+json</Code> (RFC 9457). Its <Code>code</Code> is stable; <Code>request_id</Code> finds
          it in the logs.
        </p>
        <CodeBlock
          code={JSON.stringify(
            {
              type: "about:blank",
              title: "This flow does not exist.",
              status: 404,
              detail: "This flow does not exist.",
              code: "flow.not_found",
              request_id: "req_01JD0000000000000000000000",
            },
            null,
            2,
          )}
        />
      </Part>
      <Part title="Lists and writes">
        <ul className="list-disc pl-5 marker:text-muted">
          <li>
            Lists take <Code>page</Code>, <Code>limit</Code>, <Code>sort</Code> (a minus turns the order) and <Code>search</Code>, and answer
            with <Code>total</Code> and <Code>page_info</Code>.
          </li>
          <li>
            Writes take an <Code>Idempotency-Key</Code>; updates take <Code>If-Match</Code> with the <Code>ETag</Code> you read.
          </li>
          <li>Deleting is soft: restoring brings the same thing back.</li>
        </ul>
      </Part>
      {reference.failures.length > 0 && (
        <Part title="Failure codes">
          <table className="w-full border-collapse text-left">
            <thead>
              <tr className="border-b border-line text-sm text-muted">
                <th className="py-1.5 pr-4 font-normal">Code</th>
                <th className="py-1.5 pr-4 font-normal">Status</th>
                <th className="py-1.5 font-normal max-md:hidden">Says</th>
              </tr>
            </thead>
            <tbody>
              {reference.failures.map(({ code, status, say }) => (
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
        </Part>
      )}
    </article>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h3 className="font-semibold">{title}</h3>
    <div className="mt-1 flex flex-col gap-3 text-soft [&>p]:max-w-[75ch]">{children}</div>
  </section>
)

const Code = ({ children }: { children: ReactNode }) => (
  <code className="rounded-sm bg-sunken px-1 py-px font-mono text-sm whitespace-nowrap">{children}</code>
)
