/** Ids that look right and that nobody has. */
export const unknownIds = {
  flow_id: "flow_01JD0000000000000000000000",
  execution_id: "exec_0001JD0000000000000000000000",
  span_id: "0123456789abcdef",
  provider_id: "provider_01JD0000000000000000000000",
  credential_id: "cred_01JD0000000000000000000000",
  key_id: "key_01JD0000000000000000000000",
  session_id: "session_01JD0000000000000000000000",
  /** The execution that asks the question `approval_id`. */
  question: "exec_0001JD0000000000000000000001",
  approval_id: "appr_01JD0000000000000000000000",
  trigger_id: "trig_01JD0000000000000000000000",
  delivery_id: "dlv_01JD0000000000000000000000",
  token: "A".repeat(43),
  version: "1",
} satisfies Record<string, string>

export type Ids = Record<keyof typeof unknownIds, string>

const isKnown = (name: string): name is keyof Ids => name in unknownIds

/** A route's path with its parameters filled in; one that we have no id for fails the test that added it. */
export const fill = (path: string, ids: Ids): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!isKnown(name))
      throw new Error(`There is no id for {${name}} of ${path}: add one to test/e2e/kit/routes.ts`)
    return name === "execution_id" && path.includes("{approval_id}") ? ids.question : ids[name]
  })
