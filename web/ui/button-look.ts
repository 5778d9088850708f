import { cva } from "class-variance-authority"

/** What buttons look like, those with words and those with an icon alone. */
export const buttonLook = cva(
  "focus-ring relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-[120ms] disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50",
  {
    variants: {
      tone: {
        primary: "bg-accent text-on-accent shadow-near hover:bg-accent-hover active:bg-accent-hover",
        secondary:
          "border border-line-strong bg-surface text-ink shadow-near hover:bg-hover active:bg-active data-[state=open]:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink active:bg-active data-[state=open]:bg-hover",
        danger: "bg-danger text-on-accent shadow-near hover:bg-danger-hover active:bg-danger-hover",
      },
      size: {
        xs: "h-6 gap-1 px-1.5 text-sm pointer-coarse:h-10 pointer-coarse:min-w-10 pointer-coarse:px-3",
        sm: "h-7 px-2 text-sm pointer-coarse:h-10 pointer-coarse:min-w-10 pointer-coarse:px-3",
        md: "h-control px-3 text-base",
        lg: "h-9 px-4 text-base pointer-coarse:h-11",
      },
      shape: { text: "", icon: "px-0" },
    },
    compoundVariants: [
      { shape: "icon", size: "xs", class: "w-6 pointer-coarse:w-10 pointer-coarse:px-0" },
      { shape: "icon", size: "sm", class: "w-7 pointer-coarse:w-10 pointer-coarse:px-0" },
      { shape: "icon", size: "md", class: "w-control" },
      { shape: "icon", size: "lg", class: "w-9 pointer-coarse:w-11" },
    ],
    defaultVariants: { tone: "secondary", size: "md", shape: "text" },
  },
)
