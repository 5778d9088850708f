import "react"

declare module "react" {
  interface CSSProperties {
    /** A custom property: how a component hands a measure to its style sheet. */
    [name: `--${string}`]: string | number | undefined
  }
}
