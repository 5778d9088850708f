import { QueryObserver } from "@tanstack/react-query"
import { afterEach, expect, it } from "vitest"
import { Failure, type FailureCode } from "#core/errors"
import { queryKeys } from "#web/api/query-keys.ts"
import { queryClient } from "./query-client.ts"

afterEach(() => queryClient.clear())

/** How often it was asked who is signed in, after a change was refused. */
async function askedAfter(code: FailureCode): Promise<number> {
  let asked = 0
  const seen = new QueryObserver(queryClient, { queryKey: queryKeys.me, queryFn: () => ++asked })
  const leave = seen.subscribe(() => undefined)
  await expect.poll(() => asked).toBe(1)
  const mutationFn = (): Promise<never> => Promise.reject(new Failure(code))
  const change = queryClient.getMutationCache().build(queryClient, { mutationFn })
  await expect(change.execute(undefined)).rejects.toBeInstanceOf(Failure)
  await new Promise((resolve) => setTimeout(resolve, 20))
  leave()
  return asked
}

it("asks anew how things stand when a change is refused because the workspace was suspended", async () => {
  expect(await askedAfter("tenant.suspended")).toBe(2)
})

it("and not when it is refused for another reason", async () => {
  expect(await askedAfter("access.denied")).toBe(1)
})
