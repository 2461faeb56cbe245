/** Whether signals of both directions climb one ladder. */
export const ladderOptions = [
  { value: 'single', label: 'Single: one for both' },
  { value: 'dual', label: 'Dual: CALL and PUT apart' },
] as const
