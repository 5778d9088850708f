import { useId, type ReactNode } from "react"
import { Button } from "./button.tsx"
import { Dialog, type DialogProps } from "./dialog.tsx"
import { Form } from "./form.tsx"
import type { FormState } from "./use-form.ts"

type FormDialogProps = Pick<DialogProps, "title" | "description" | "size"> & {
  form: Pick<FormState<object>, "bind" | "failure" | "busy">
  /** The verb on the button: "Create flow". */
  act: string
  /** Of what takes something away: danger. */
  tone?: "primary" | "danger"
  onClose: () => void
  /** Stands at the footer's left. */
  aside?: ReactNode
  className?: string
  children: ReactNode
}

/** A form in a dialog that is there as long as it is open. */
export function FormDialog({
  form,
  act,
  tone = "primary",
  onClose,
  aside,
  className,
  children,
  ...dialog
}: FormDialogProps) {
  const id = useId()
  return (
    <Dialog
      {...dialog}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          {aside}
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone={tone} type="submit" form={id} busy={form.busy}>
            {act}
          </Button>
        </>
      }
    >
      <Form id={id} form={form} {...(className ? { className } : {})}>
        {children}
      </Form>
    </Dialog>
  )
}
