import { Failure } from "#core/errors"
import { EgressRefused } from "#worker/egress/refused"
import type { Env } from "#worker/env"
import { waysOut } from "#worker/services/egress"

const patience = { headersMs: 10_000, totalMs: 30_000, maxHops: 3 }

/** The text behind an address that somebody typed in. What is wrong is said of the field `url`. */
export async function fetchedText(env: Env, url: string, mostBytes: number): Promise<string> {
  const refuse = (message: string): never => {
    throw new Failure("tool.unreachable", { errors: [{ path: "url", message }] })
  }
  try {
    const answer = await waysOut(env)({ ...patience, maxBytes: mostBytes })(url, {
      headers: {
        accept: "application/json, application/yaml, text/yaml, */*;q=0.5",
        "user-agent": "Edgecrew",
      },
    })
    if (!answer.ok) {
      await answer.body?.cancel()
      return refuse(`It answered ${answer.status}.`)
    }
    return await answer.text()
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof EgressRefused) return refuse(error.message)
    return refuse(
      error instanceof DOMException && error.name === "TimeoutError"
        ? "It did not answer in time."
        : "It cannot be reached, or its answer broke off.",
    )
  }
}
