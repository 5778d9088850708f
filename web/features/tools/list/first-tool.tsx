import { Link } from "@tanstack/react-router"
import { Button } from "#web/ui/button.tsx"

/** A tenant without tools of its own: what they are for, and one that works at once. */
export const FirstTool = ({ mayEdit }: { mayEdit: boolean }) => (
  <section aria-labelledby="first-tool" className="border-b border-line bg-surface px-5 py-6">
    <h2 id="first-tool" className="text-lg font-semibold">
      No tools of your own yet
    </h2>
    <p className="prose-width mt-1 text-muted">
      A tool is something that an agent may do, such as looking up an order: a request, a function, a program
      or a flow. The ones below are there for everybody.
    </p>
    {mayEdit ? (
      <Button asChild tone="primary" className="mt-4">
        <Link to="/tools/new" search={{ kind: "isolate" }}>
          Begin with a function that works
        </Link>
      </Button>
    ) : (
      <p className="mt-3 text-muted">Somebody who may edit agents has to make the first one.</p>
    )}
  </section>
)
