import * as z from "zod"
import { endpoint } from "./endpoint.ts"

export const systemApi = {
  health: endpoint({
    method: "GET",
    path: "/health",
    needs: "public",
    tag: "System",
    summary: "Whether the installation is well",
    reply: z.object({
      status: z.enum(["ok", "degraded"]),
      checks: z.record(z.string(), z.enum(["ok", "failing"])),
    }),
  }),
  openapi: endpoint({
    method: "GET",
    path: "/openapi.json",
    needs: "public",
    tag: "System",
    summary: "This reference as OpenAPI 3.1",
    reply: z.record(z.string(), z.json()),
  }),
} as const
