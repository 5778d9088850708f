import { defineConfig } from "drizzle-kit"

export default defineConfig({
  dialect: "sqlite",
  schema: [
    "flows",
    "reviews",
    "workspace",
    "llm-providers",
    "model-aliases",
    "credentials",
    "executions",
    "spans",
    "idempotency",
    "audit",
    "triggers",
    "approvals",
    "chats",
    "agents",
    "crews",
    "tools",
    "memories",
    "agent-calls",
    "budgets",
    "quotas",
    "privacy",
  ].map((noun) => `./worker/db/schema/${noun}.ts`),
  out: "./migrations/tenant",
})
