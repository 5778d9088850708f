export const ExecutionPage = () => null
