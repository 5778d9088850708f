/** The name of each thing in the query cache. A list's key begins with its noun, so that a change refreshes all lists of it. */
export const queryKeys = {
  me: ["me"],
  sessions: ["sessions"],
  flows: ["flows"],
  flowList: (query: object) => ["flows", "list", query],
  flow: (id: string) => ["flows", "one", id],
  flowVersions: (id: string) => ["flows", "one", id, "versions"],
  templates: ["flow-templates"],
  executions: ["executions"],
  executionList: (query: object) => ["executions", "list", query],
  execution: (id: string) => ["executions", "one", id],
  providers: ["providers"],
  apiKeys: ["api-keys"],
  reference: ["openapi"],
} as const
