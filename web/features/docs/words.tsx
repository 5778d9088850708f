/** Sentences with `code` in them. */
export const Words = ({ text }: { text: string }) =>
  text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className="rounded-sm bg-sunken px-1 py-px font-mono text-[0.92em]">
        {part}
      </code>
    ) : (
      part
    ),
  )
