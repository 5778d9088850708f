import { Download } from "lucide-react"
import { useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { toast } from "#web/ui/toast.tsx"
import { downloadPerson } from "./queries.ts"

/** Takes out what is known of oneself, or of a member. */
export function OwnData({ of, label = "Download your data" }: { of?: string; label?: string }) {
  const [isBusy, setBusy] = useState(false)
  const take = async () => {
    setBusy(true)
    try {
      await downloadPerson(of)
    } catch (error) {
      toast.failed(error, "The archive could not be made")
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button busy={isBusy} onClick={() => void take()}>
      <Download aria-hidden />
      {label}
    </Button>
  )
}
