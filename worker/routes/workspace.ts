import { workspaceApi } from "#core/contract/workspace"
import { answer, routes } from "#worker/http/answer"
import { deleteWorkspace } from "#worker/services/workspace/remove"
import { updateWorkspace, workspaceSettings } from "#worker/services/workspace/settings"

export const workspaceRoutes = routes(
  answer(workspaceApi.get, ({ ctx }) => workspaceSettings(ctx)),
  answer(workspaceApi.update, ({ ctx, body }) => updateWorkspace(ctx, body)),
  answer(workspaceApi.remove, ({ ctx, env, body }) => deleteWorkspace(env, ctx, body)),
)
