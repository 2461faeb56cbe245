const names: Readonly<Record<string, string>> = {
  FLAT: 'Same stake',
  X2: 'Double',
  BE: 'Break-even',
  TP: 'Target',
}

/** "Break-even, 6 gales" */
export function planName(plan: string | undefined, gales: number | undefined): string {
  const name = names[plan ?? ''] ?? plan ?? 'A plan of stakes'
  return gales === undefined ? name : `${name}, ${gales} ${gales === 1 ? 'gale' : 'gales'}`
}
