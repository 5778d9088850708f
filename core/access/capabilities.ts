/** Every permission there is, with the sentence an administrator reads. A route names one of these, or `public` / `member`. */
export const capabilities = {
  "flow.read": "See flows and their versions",
  "flow.edit": "Create, change, publish and delete flows",
  "flow.review": "Approve or refuse what others ask to publish",
  "flow.moderate": "Take away what other people say about flows",
  "execution.read": "See executions, their events and results",
  "execution.start": "Start executions",
  "execution.cancel": "Cancel executions",
  "execution.delete": "Delete executions that have ended",
  "trace.read": "Search what executions did, step by step",
  "approval.answer": "Answer what executions ask, where one is assigned",
  "trigger.read": "See triggers and their deliveries",
  "trigger.edit": "Create, change, fire and delete triggers",
  "agent.read": "See agents, crews and tools",
  "agent.edit": "Create, change and delete agents, crews and tools",
  "chat.read": "See chats",
  "chat.write": "Begin chats and write messages",
  "provider.read": "See model providers",
  "provider.edit": "Add and change model providers and their credentials",
  "budget.read": "See budgets and what was spent of them",
  "budget.edit": "Set, change and delete budgets",
  "credential.read": "See the names of credentials for outgoing calls",
  "credential.edit": "Add and change credentials for outgoing calls",
  "key.read": "See the tenant's API keys",
  "key.edit": "Create and revoke API keys",
  "user.read": "See the tenant's members",
  "user.edit": "Invite members and change their roles",
  "audit.read": "Read the audit log and its proofs",
  "audit.export": "Export the audit log",
  "workspace.edit": "Change what holds for the whole workspace",
} as const

export type Capability = keyof typeof capabilities

/** Whether what a route asks for is a capability, and not a kind of caller. */
export const isCapability = (needs: string): needs is Capability => Object.hasOwn(capabilities, needs)

export const allCapabilities = Object.keys(capabilities) as [Capability, ...Capability[]]
