export const ExecutionsPage = () => null
