import { ModelFailure } from "#core/llm/failure"

/** What every vendor's account has: where it lives and its key. */
export type Account = { base_url: string; api_key?: string | undefined }

/** The address without a slash at its end. */
export function checkedBase({ base_url }: Account): string {
  if (URL.canParse(base_url)) return base_url.replace(/(?<!\/)\/+$/, "")
  throw new ModelFailure("model.bad_request", {
    message: "The base URL of this provider is not a URL. Enter one such as https://api.example.com/v1.",
  })
}

/** A key with other signs would fail inside of `fetch` with a message that repeats it. */
export function checkedKey({ api_key }: Account): string | undefined {
  if (api_key === undefined || /^[\x21-\x7e]+$/.test(api_key)) return api_key
  throw new ModelFailure("model.unauthorized", {
    message: "The API key holds signs that no key has, such as spaces or line ends.",
  })
}

/** The key as OpenAI and most others take it. */
export function bearer(account: Account): Record<string, string> {
  const key = checkedKey(account)
  return key === undefined ? {} : { authorization: `Bearer ${key}` }
}

/** The account with its address, or the usual one of its vendor. */
export const atBase = <T extends { base_url?: string | undefined }>(
  target: T,
  usual: string,
): T & Pick<Account, "base_url"> => ({ ...target, base_url: target.base_url ?? usual })
