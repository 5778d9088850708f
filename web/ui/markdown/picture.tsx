import { ImageDown, ImageOff } from "lucide-react"
import { useState, type SyntheticEvent } from "react"
import { Button } from "../button.tsx"

type PictureProps = { src: string; says: string }

/** Pages may show nothing from elsewhere; this one, in a frame, may show pictures and do nothing else. */
const frameAddress = "/picture.html"

const highestPx = 420
const widestPx = 640

/** The host that would learn that somebody reads this. */
function hostOf(src: string): string | null {
  try {
    return new URL(src).host
  } catch {
    return null
  }
}

/** A picture that a text names. Fetching it tells its host who reads, and when: it waits until somebody asks for it. */
export function Picture({ src, says }: PictureProps) {
  const [isAsked, setAsked] = useState(false)
  const host = hostOf(src)
  if (host === null) return says
  if (isAsked) return <Fetched src={src} says={says} host={host} />
  return (
    <Button
      size="sm"
      title={src}
      onClick={() => setAsked(true)}
      className="my-0.5 max-w-full min-w-0 shrink align-middle"
    >
      <ImageDown aria-hidden className="text-muted" />
      <span className="truncate">
        {says && <>{says} · </>}
        <span className="font-normal text-muted">Load picture from {host}</span>
      </span>
    </Button>
  )
}

function Fetched({ src, says, host }: PictureProps & { host: string }) {
  const [size, setSize] = useState<{ width: number; height: number } | "failed" | null>(null)
  const fetchInto = ({ currentTarget: frame }: SyntheticEvent<HTMLIFrameElement>) => {
    const page = frame.contentDocument
    if (!page) return setSize("failed")
    const picture = page.createElement("img")
    picture.alt = says
    picture.referrerPolicy = "no-referrer"
    picture.style.width = "100%"
    picture.addEventListener("load", () => {
      const { naturalWidth, naturalHeight } = picture
      const scale = Math.min(1, widestPx / (naturalWidth || 1), highestPx / (naturalHeight || 1))
      setSize({ width: (naturalWidth || widestPx) * scale, height: (naturalHeight || highestPx) * scale })
    })
    picture.addEventListener("error", () => setSize("failed"))
    picture.src = src
    page.body.style.margin = "0"
    page.body.replaceChildren(picture)
  }
  if (size === "failed") {
    return (
      <span className="inline-flex items-center gap-1.5 text-muted">
        <ImageOff aria-hidden className="size-3.5" />
        {host} gave no picture{says && ` of “${says}”`}
      </span>
    )
  }
  const { width, height } = size ?? { width: 160, height: 40 }
  return (
    <iframe
      src={frameAddress}
      // Nothing runs in it, and this page may put the picture there.
      sandbox="allow-same-origin"
      title={says || `Picture from ${host}`}
      onLoad={fetchInto}
      tabIndex={-1}
      className="my-1 block max-w-full rounded-md border border-line bg-sunken"
      style={{ width, aspectRatio: `${width} / ${height}` }}
    />
  )
}
