import * as z from "zod"
import { endpoint, Time } from "./endpoint.ts"

/** What holds for the whole workspace. */
export const WorkspaceSettings = z
  .object({
    /** Whether every flow needs somebody else's approval before it is published. */
    review_before_publish: z.boolean(),
    /** What the operator's platform admins may do in the name of this workspace's people, for 30 minutes and with a reason. */
    support_access: z.enum(["none", "read", "write"]),
    updated_at: Time.nullable(),
  })
  .meta({ id: "WorkspaceSettings" })
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>

const tag = "Workspace"

export const workspaceApi = {
  get: endpoint({
    method: "GET",
    path: "/workspace/settings",
    needs: "flow.read",
    tag,
    summary: "What holds for the whole workspace",
    reply: z.object({ settings: WorkspaceSettings }),
  }),
  update: endpoint({
    method: "PATCH",
    path: "/workspace/settings",
    needs: "workspace.edit",
    tag,
    summary: "Change what holds for the whole workspace",
    body: z.strictObject({
      review_before_publish: z.boolean().optional(),
      support_access: z.enum(["none", "read", "write"]).optional(),
    }),
    reply: z.object({ settings: WorkspaceSettings }),
  }),
  remove: endpoint({
    method: "POST",
    path: "/workspace/delete",
    needs: "workspace.edit",
    proof: true,
    support: "withheld",
    tag,
    summary: "Delete the whole workspace",
    description:
      "By a person, with the workspace's slug. Nobody gets in any more within 5 s. For 30 days whoever runs the installation can restore it; then everything in it is erased for good.",
    body: z.strictObject({ confirm: z.string().max(100), reason: z.string().trim().max(500).optional() }),
    reply: z.object({ erased_at: Time }),
  }),
} as const
