import type { Finding } from "./graph.ts"

export const error = (code: string, message: string, at: Partial<Finding> = {}): Finding => ({
  code,
  severity: "error",
  message,
  ...at,
})

export const warning = (code: string, message: string, at: Partial<Finding> = {}): Finding => ({
  code,
  severity: "warning",
  message,
  ...at,
})
