import * as z from "zod"
import { ModelFailure } from "#core/llm/failure"
import { failureOfResponse } from "../http-failure.ts"
import type { ProviderIo } from "../provider.ts"
import { bearer, checkedBase, type Account } from "./account.ts"

const mostModels = 1_000
/** As long as a node or provider may name. */
const longestModel = 200

/** The names in an answer to a request for models; undefined when it is none. */
type ReadNames = (body: unknown) => string[] | undefined

/** The models of an account, by name. */
export async function modelsFrom(
  url: string,
  headers: Record<string, string>,
  { api_key }: Pick<Account, "api_key">,
  io: ProviderIo,
  names: ReadNames,
): Promise<string[]> {
  const response = await io.fetch(url, {
    headers: { accept: "application/json", ...headers },
    signal: io.signal,
  })
  if (!response.ok) throw await failureOfResponse(response, [api_key], Date.now())
  const found = names(await response.json().catch(() => undefined))
  if (!found) {
    throw new ModelFailure("model.not_found", {
      message: "The address does not list models as this kind of provider does. Is the base URL right?",
    })
  }
  return (
    found
      // A server that repeats what it was sent must not show the key to who may see models but not credentials.
      .filter((id) => id.length <= longestModel && !(api_key && id.includes(api_key)))
      .sort()
      .slice(0, mostModels)
  )
}

const IdList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** `{ data: [{ id }] }`, as OpenAI, Anthropic and xAI list them. */
export const idsOf: ReadNames = (body) => IdList.safeParse(body).data?.data.map(({ id }) => id)

/** The models of a server that speaks OpenAI's API. */
export const listModels = async (account: Account, io: ProviderIo): Promise<string[]> =>
  modelsFrom(`${checkedBase(account)}/models`, bearer(account), account, io, idsOf)
