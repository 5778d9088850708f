import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { Link2Off } from "lucide-react"
import { chatApi, type ChatMessage } from "#core/contract/chat"
import { Failure } from "#core/errors"
import type { MessageId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { OpenPage } from "#web/ui/open-page.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { saySteps } from "../model/steps.ts"

/** The end of the chat first; what stands before it when it is asked for: a long chat must not keep its reader waiting. */
const sharedQuery = (token: string) =>
  infiniteQueryOptions({
    queryKey: ["shared-chat", token],
    queryFn: ({ pageParam: before, signal }) =>
      call(chatApi.shared, { params: { token }, query: { before }, signal }),
    initialPageParam: undefined as MessageId | undefined,
    getNextPageParam: ({ has_more, messages }) => (has_more ? messages[0]?.id : undefined),
  })

/** A chat that somebody shared: to read, and nothing else. */
export function SharedPage() {
  const { token } = useParams({ from: "/shared-chats/$token" })
  const shared = useInfiniteQuery(sharedQuery(token))
  if (shared.error && !shared.data)
    return <NotShared error={shared.error} onRetry={() => void shared.refetch()} />
  if (!shared.data) {
    return (
      <OpenPage title="Chat" wide>
        <Loading what="the chat" className="flex flex-col gap-4">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="w-1/3" />
          <Skeleton className="mt-4 w-full" />
          <Skeleton className="w-4/5" />
        </Loading>
      </OpenPage>
    )
  }
  const { title, partner } = shared.data.pages[0]!
  const messages = shared.data.pages.toReversed().flatMap((page) => page.messages)
  return (
    <OpenPage title={title} wide>
      <header className="border-b border-line pb-4">
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        <p className="mt-1 text-muted">
          A chat with {partner}
          {messages[0] && !shared.hasNextPage && (
            <>
              {" "}
              · <RelativeTime at={messages[0].created_at} />
            </>
          )}
        </p>
      </header>
      {shared.hasNextPage && (
        <div className="flex flex-col items-center gap-2">
          {shared.error && <ErrorNote error={shared.error} />}
          <Button busy={shared.isFetchingNextPage} onClick={() => void shared.fetchNextPage()}>
            Show earlier messages
          </Button>
        </div>
      )}
      <Messages messages={messages} partner={partner} />
    </OpenPage>
  )
}

function Messages({ messages, partner }: { messages: readonly ChatMessage[]; partner: string }) {
  if (messages.length === 0) return <p className="text-muted">Nothing was said in it yet.</p>
  return (
    <ol className="flex flex-col gap-5">
      {messages.map((message) => (
        <li key={message.id} className="[contain-intrinsic-size:auto_8rem] [content-visibility:auto]">
          {message.role === "user" ? (
            <p className="ml-auto w-fit max-w-[85%] rounded-lg bg-active px-3 py-2 break-words whitespace-pre-wrap">
              {message.content}
            </p>
          ) : (
            <Answer message={message} partner={partner} />
          )}
        </li>
      ))}
    </ol>
  )
}

const Answer = ({ message, partner }: { message: ChatMessage; partner: string }) => (
  <article className="flex min-w-0 flex-col gap-1.5">
    <header className="flex min-w-0 items-center gap-2">
      <Avatar name={message.author || partner} shape="square" />
      <span className="truncate font-medium">{message.author || partner}</span>
    </header>
    {message.steps.length > 0 && (
      <details className="text-sm text-muted">
        <summary className="focus-ring w-fit cursor-default rounded-sm hover:text-ink">
          {saySteps(message.steps)}
        </summary>
        <ul className="mt-1 list-disc pl-5">
          {message.steps.map((step) => (
            <li key={step.id} className="break-words">
              {step.by} · {step.title}
            </li>
          ))}
        </ul>
      </details>
    )}
    <Markdown text={message.content} className="prose-width text-md leading-6" />
    {message.status === "stopped" && <p className="text-sm text-muted">Stopped</p>}
    {message.error && <p className="text-sm text-failed">{message.error.message}</p>}
  </article>
)

function NotShared({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone =
    error instanceof Failure && (error.status === 404 || error.status === 400 || error.status === 422)
  return (
    <OpenPage title={isGone ? "There is no such chat" : "Not opened"}>
      {isGone ? (
        <EmptyState icon={Link2Off} heading="h1" title="There is no such chat" className="py-8">
          It is no longer shared, or the address is incomplete. Ask whoever sent it to you.
        </EmptyState>
      ) : (
        <ErrorState error={error} heading="h1" onRetry={onRetry} className="py-8" />
      )}
    </OpenPage>
  )
}
