import type { Viewer } from "../kit/viewer.ts"

/** An execution under way, with whoever watches it. */
export interface Subject {
  n: number
  id: string
  viewer: Viewer
}
