import { useMe } from "#web/api/me.ts"
import { SupportBar } from "./support-bar.tsx"
import { SuspensionBar } from "./suspension-bar.tsx"

/** What stands above every page while something is out of the ordinary. */
export function Notices() {
  const { support, suspension } = useMe()
  return (
    <>
      {suspension && <SuspensionBar suspension={suspension} />}
      {support && <SupportBar by={support} />}
    </>
  )
}
