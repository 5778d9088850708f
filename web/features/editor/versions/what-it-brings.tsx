import { Link } from "@tanstack/react-router"
import { useEditor } from "../editor-context.ts"
import { DraftCost } from "./draft-cost.tsx"

/** What the draft costs to execute, and the way to what has changed since a version; null when there is none. */
export function WhatItBrings({ since }: { since: number | null }) {
  const { flowId } = useEditor()
  return (
    <>
      <DraftCost />
      {since !== null && (
        <p>
          <Link
            to="/flows/$flowId/compare"
            params={{ flowId }}
            search={{ from: since, to: "draft" }}
            className="focus-ring rounded-sm text-accent-ink underline underline-offset-2"
          >
            See what has changed since version {since}
          </Link>
        </p>
      )}
    </>
  )
}
