import * as z from "zod"
import { ModelFailure } from "#core/llm/failure"
import { providerTypes } from "#core/llm/provider-types"
import type { Provider } from "../provider.ts"
import type { ProviderTarget } from "../target.ts"
import { atBase, bearer, checkedBase } from "./account.ts"
import { modelsFrom } from "./model-list.ts"
import { streamChat, type ChatDialect } from "./openai-chat.ts"

const dialect: ChatDialect = { name: "workersAi" }

/** Workers AI by its OpenAI-compatible REST. https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/ */
export const workersAi: Provider<"workers_ai"> = {
  stream: (target, call, io) =>
    streamChat(dialect, { ...target, base_url: `${accountUrl(target)}/ai/v1` }, call, io),
  models: async (target, io) => {
    const account = atBase(target, providerTypes.workers_ai.base_url)
    const url = `${accountUrl(target)}/ai/models/search?task=Text%20Generation&hide_experimental=false&per_page=1000`
    return modelsFrom(url, bearer(account), account, io, namesOf)
  },
}

function accountUrl(target: ProviderTarget<"workers_ai">): string {
  const { account_id } = target
  if (account_id === undefined || !/^[\w-]{1,64}$/.test(account_id))
    throw new ModelFailure("model.bad_request", {
      message: "This provider needs the id of its Cloudflare account, 32 letters and digits.",
    })
  return `${checkedBase(atBase(target, providerTypes.workers_ai.base_url))}/accounts/${account_id}`
}

const NameList = z.object({ result: z.array(z.object({ name: z.string() })) })

const namesOf = (body: unknown): string[] | undefined =>
  NameList.safeParse(body).data?.result.map(({ name }) => name)
