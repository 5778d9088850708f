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

/** Warnings hinder nobody; an error does. */
export const isValid = (findings: readonly Finding[]): boolean =>
  findings.every((one) => one.severity !== "error")
