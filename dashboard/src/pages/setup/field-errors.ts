import { createContext, useContext } from 'react'

/** Messages by path of the configuration. */
const FieldErrors = createContext<Readonly<Record<string, string>>>({})
export const FieldErrorsProvider = FieldErrors.Provider

/** Name and error of the field at this path: what the field parts take. */
export function useFieldAt(path: string): { name: string; error: string | undefined } {
  return { name: path, error: useContext(FieldErrors)[path] }
}
