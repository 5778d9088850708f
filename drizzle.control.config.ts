import { defineConfig } from "drizzle-kit"

export default defineConfig({
  dialect: "sqlite",
  schema: ["./worker/db/schema/control.ts", "./worker/db/schema/audit-passage.ts"],
  out: "./migrations/control",
})
