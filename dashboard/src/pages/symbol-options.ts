import type { SymbolInfo } from '../api/types.js'
import type { Option } from '../parts/field.js'

/** Each symbol once, of however many sources there are candles of it. */
export function symbolOptions(symbols: readonly SymbolInfo[]): readonly Option[] {
  return [...new Set(symbols.map(({ symbol }) => symbol))].map((symbol) => ({ value: symbol, label: symbol }))
}
