import type { Attempt, Exchange } from "../model/attempts.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { Pane } from "./pane.tsx"

/** What was sent where, and what came back; the latest try first. The answer itself is the step's output. */
export const HttpPane = ({ attempts }: { attempts: readonly Attempt[] }) => (
  <Pane>
    <div className="flex flex-col gap-5">
      {attempts.toReversed().flatMap((attempt) =>
        attempt.exchanges.map((exchange, i) => (
          <section key={`${attempt.number} ${i}`} aria-label={`Attempt ${attempt.number}`}>
            {attempts.length > 1 && <h3 className="mb-1 text-sm text-muted">Attempt {attempt.number}</h3>}
            <ExchangeFacts exchange={exchange} />
          </section>
        )),
      )}
    </div>
  </Pane>
)

function ExchangeFacts({ exchange }: { exchange: Exchange }) {
  const { method, url, status, latency_ms: latency, bytes, error, idempotency_key: key } = exchange
  const facts: [string, string | undefined][] = [
    ["Latency", latency === undefined ? undefined : sayDuration(latency)],
    ["Size", bytes === undefined ? undefined : `${bytes.toLocaleString("en")} bytes`],
    ["Idempotency key", key],
    ["Error", error && `${error.message} (${error.code})`],
  ]
  return (
    <>
      <p className="group/url flex items-start gap-2 rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-sm">
        <span className="font-semibold">{method}</span>
        <span className="min-w-0 flex-1 break-all">{url}</span>
        {status !== undefined && <span className={`tabular font-semibold ${hueOf(status)}`}>{status}</span>}
        <CopyButton text={url} label="Copy the address" className="-my-1" />
      </p>
      <dl className="mt-2 grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular break-all">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </>
  )
}

const hueOf = (status: number): string =>
  status >= 400 ? "text-failed" : status >= 300 ? "text-waiting" : "text-succeeded"
