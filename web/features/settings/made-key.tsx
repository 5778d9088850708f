import type { Capability } from "#core/access/capabilities"
import { Button } from "#web/ui/button.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"

export type Made = { name: string; secret: string; scopes: readonly Capability[] }

/** A read that these scopes allow, to try the key with. */
function tryPath(scopes: readonly Capability[]): string | undefined {
  if (scopes.includes("flow.read")) return "/flows"
  return scopes.includes("execution.read") ? "/executions" : undefined
}

/** The one time that a key's secret is seen. */
export function MadeKey({ name, secret, scopes, onClose }: Made & { onClose: () => void }) {
  const path = tryPath(scopes)
  return (
    <Dialog
      open
      // Only the button closes it: a stray click must not lose the secret.
      onOpenChange={() => undefined}
      hasClose={false}
      title={`“${name}” is ready`}
      footer={
        <Button tone="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <SecretOnce secret={secret} label="API key" />
        {path && (
          <CodeBlock
            title="Try it"
            code={`curl ${location.origin}/api/v1${path} \\\n  -H "Authorization: Bearer $EDGECREW_KEY"`}
          />
        )}
      </div>
    </Dialog>
  )
}
