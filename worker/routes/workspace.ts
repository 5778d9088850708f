import { workspaceApi } from "#core/contract/workspace"
import { answer, routes } from "#worker/http/answer"
import { updateWorkspace, workspaceSettings } from "#worker/services/workspace/settings"

export const workspaceRoutes = routes(
  answer(workspaceApi.get, ({ ctx }) => workspaceSettings(ctx)),
  answer(workspaceApi.update, ({ ctx, body }) => updateWorkspace(ctx, body)),
)
