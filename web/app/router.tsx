import {
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRoute,
} from "@tanstack/react-router"
import { CrashPage, NotFoundPage, PendingPage } from "./fallback-pages.tsx"
import { queryClient } from "./query-client.ts"
import { pageCode } from "./page-code.ts"
import { adminPages } from "./routes-admin.tsx"
import { docs, home, inside, shell } from "./routes-inside.tsx"
import { settings } from "./routes-settings.tsx"
import { outsiders, root } from "./routes-outside.tsx"
import { parseSearch, stringifySearch } from "./search-text.ts"
import {
  AgentSearch,
  AgentsSearch,
  ApprovalsSearch,
  AuditSearch,
  BudgetsSearch,
  ChatSearch,
  CompareFlowSearch,
  CompareSearch,
  CrewSearch,
  CrewsSearch,
  EditorSearch,
  ExecutionSearch,
  ExecutionsSearch,
  FlowsSearch,
  ImportSearch,
  NewToolSearch,
  ProvidersSearch,
  ReviewSearch,
  ToolSearch,
  ToolsSearch,
  TracesSearch,
  TriggerSearch,
  TriggersSearch,
} from "./search.ts"

const flows = createRoute({
  getParentRoute: () => inside,
  path: "/flows",
  validateSearch: FlowsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/flows/flows-page.tsx")),
    "FlowsPage",
  ),
})
const editor = createRoute({
  getParentRoute: () => inside,
  path: "/flows/$flowId",
  validateSearch: EditorSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/editor/editor-page.tsx")),
    "EditorPage",
  ),
})
const compareFlow = createRoute({
  getParentRoute: () => inside,
  path: "/flows/$flowId/compare",
  validateSearch: CompareFlowSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/editor/versions/compare-flow-page.tsx")),
    "CompareFlowPage",
  ),
})
const reviewFlow = createRoute({
  getParentRoute: () => inside,
  path: "/flows/$flowId/review",
  validateSearch: ReviewSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/editor/review/review-page.tsx")),
    "ReviewPage",
  ),
})
const executions = createRoute({
  getParentRoute: () => inside,
  path: "/executions",
  validateSearch: ExecutionsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/executions/executions-page.tsx")),
    "ExecutionsPage",
  ),
})
const execution = createRoute({
  getParentRoute: () => inside,
  path: "/executions/$executionId",
  validateSearch: ExecutionSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/executions/execution-page.tsx")),
    "ExecutionPage",
  ),
})
const approvals = createRoute({
  getParentRoute: () => inside,
  path: "/approvals",
  validateSearch: ApprovalsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/approvals/approvals-page.tsx")),
    "ApprovalsPage",
  ),
})
const compare = createRoute({
  getParentRoute: () => inside,
  path: "/executions/$executionId/compare/$otherId",
  validateSearch: CompareSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/executions/compare/compare-page.tsx")),
    "ComparePage",
  ),
})
const triggers = createRoute({
  getParentRoute: () => inside,
  path: "/triggers",
  validateSearch: TriggersSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/triggers/triggers-page.tsx")),
    "TriggersPage",
  ),
})
const trigger = createRoute({
  getParentRoute: () => inside,
  path: "/triggers/$triggerId",
  validateSearch: TriggerSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/triggers/trigger-page.tsx")),
    "TriggerPage",
  ),
})
const traces = createRoute({
  getParentRoute: () => inside,
  path: "/traces",
  validateSearch: TracesSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/traces/traces-page.tsx")),
    "TracesPage",
  ),
})
const audit = createRoute({
  getParentRoute: () => inside,
  path: "/audit",
  validateSearch: AuditSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/audit/audit-page.tsx")),
    "AuditPage",
  ),
})
const agents = createRoute({
  getParentRoute: () => inside,
  path: "/agents",
  validateSearch: AgentsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/agents/agents-page.tsx")),
    "AgentsPage",
  ),
})
const agent = createRoute({
  getParentRoute: () => inside,
  path: "/agents/$agentId",
  validateSearch: AgentSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/agents/agent-page.tsx")),
    "AgentPage",
  ),
})
const tools = createRoute({
  getParentRoute: () => inside,
  path: "/tools",
  validateSearch: ToolsSearch,
  beforeLoad: ({ search: { edit } }) => {
    if (edit === "new") throw redirect({ to: "/tools/new", search: { kind: "http" }, replace: true })
    if (edit !== undefined) throw redirect({ to: "/tools/$toolId", params: { toolId: edit }, replace: true })
  },
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/tools/tools-page.tsx")),
    "ToolsPage",
  ),
})
const importOpenApi = createRoute({
  getParentRoute: () => inside,
  path: "/tools/import/openapi",
  validateSearch: ImportSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/tools/import/openapi-page.tsx")),
    "ImportOpenApiPage",
  ),
})
const importMcp = createRoute({
  getParentRoute: () => inside,
  path: "/tools/import/mcp",
  validateSearch: ImportSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/tools/import/mcp-page.tsx")),
    "ImportMcpPage",
  ),
})
const newTool = createRoute({
  getParentRoute: () => inside,
  path: "/tools/new",
  validateSearch: NewToolSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/tools/new-tool-page.tsx")),
    "NewToolPage",
  ),
})
const tool = createRoute({
  getParentRoute: () => inside,
  path: "/tools/$toolId",
  validateSearch: ToolSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/tools/tool-page.tsx")),
    "ToolPage",
  ),
})
const crews = createRoute({
  getParentRoute: () => inside,
  path: "/crews",
  validateSearch: CrewsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/crews/crews-page.tsx")),
    "CrewsPage",
  ),
})
const crew = createRoute({
  getParentRoute: () => inside,
  path: "/crews/$crewId",
  validateSearch: CrewSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/crews/crew-page.tsx")),
    "CrewPage",
  ),
})
const models = createRoute({
  getParentRoute: () => inside,
  path: "/models",
  validateSearch: ProvidersSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/models/models-page.tsx")),
    "ModelsPage",
  ),
})
const budgets = createRoute({
  getParentRoute: () => inside,
  path: "/budgets",
  validateSearch: BudgetsSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/budgets/budgets-page.tsx")),
    "BudgetsPage",
  ),
})
const chat = createRoute({
  getParentRoute: () => inside,
  path: "/chat",
  validateSearch: ChatSearch,
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/chat/chat-layout.tsx")),
    "ChatLayout",
  ),
})
const chatHome = createRoute({
  getParentRoute: () => chat,
  path: "/",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/chat/start/home-page.tsx")),
    "HomePage",
  ),
})
const newChat = createRoute({
  getParentRoute: () => chat,
  path: "/new",
  component: lazyRouteComponent(
    () => pageCode(() => import("#web/features/chat/start/new-chat-page.tsx")),
    "NewChatPage",
  ),
})
const oneChat = createRoute({
  getParentRoute: () => chat,
  path: "/$chatId",
  component: lazyRouteComponent(() => pageCode(() => import("#web/features/chat/chat-page.tsx")), "ChatPage"),
})
const tree = root.addChildren([
  ...outsiders,
  shell.addChildren([
    docs,
    inside.addChildren([
      home,
      flows,
      editor,
      compareFlow,
      reviewFlow,
      executions,
      execution,
      compare,
      approvals,
      triggers,
      trigger,
      traces,
      audit,
      crews,
      crew,
      agents,
      agent,
      tools,
      importOpenApi,
      importMcp,
      newTool,
      tool,
      chat.addChildren([chatHome, newChat, oneChat]),
      models,
      adminPages,
      budgets,
      settings,
    ]),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  context: {
    queries: queryClient,
    fetchCode: (routeIds): void => {
      const routes = new Map<string, AnyRoute>(Object.entries(router.routesById))
      for (const id of routeIds) {
        const route = routes.get(id)
        if (route) void router.loadRouteChunk(route)
      }
    },
  },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 250,
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
