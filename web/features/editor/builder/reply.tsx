/** What a model has said, as plain text: it is nobody's markup. */
export const Reply = ({ text }: { text: string }) =>
  text === "" ? null : <p className="break-words whitespace-pre-wrap">{text}</p>
