import { useSyncExternalStore } from "react"

/** Whether a media query holds, live. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = matchMedia(query)
      media.addEventListener("change", onChange)
      return () => media.removeEventListener("change", onChange)
    },
    () => matchMedia(query).matches,
  )
}

/** Narrower than a tablet: a bottom bar, sheets and two-line rows. */
export const usePhone = (): boolean => useMedia("(width < 48rem)")
export const useWide = (): boolean => useMedia("(width >= 64rem)")
