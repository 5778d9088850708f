/** The one door to jotai (house.md, habit 26): a linter rule forbids importing it elsewhere. */
export {
  atom,
  createStore,
  Provider as AtomProvider,
  useAtom,
  useAtomValue,
  useSetAtom,
  useStore,
} from "jotai"
export type { Atom } from "jotai"
