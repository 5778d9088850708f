import * as z from "zod"
import { endpoint } from "./endpoint.ts"

export const secretsApi = {
  rotate: endpoint({
    method: "POST",
    path: "/secrets/rotate",
    needs: "provider.edit",
    proof: true,
    tag: "Credentials",
    summary: "Seal all secrets of the tenant under a new key; nothing that runs is disturbed",
    reply: z.object({ secrets: z.int().meta({ description: "How many were sealed anew" }) }),
  }),
} as const
