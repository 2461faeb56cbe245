import type { Signal } from '../api/types.js'
import { Badge } from './badge.js'

export function DirectionBadge({ direction }: Pick<Signal, 'direction'>) {
  return <Badge tone={direction === 'call' ? 'good' : 'bad'}>{direction.toUpperCase()}</Badge>
}
