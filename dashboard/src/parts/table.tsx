import type { ReactNode } from 'react'

export interface Column<T> {
  readonly head: string
  readonly cell: (row: T) => ReactNode
  readonly align?: 'end'
}

interface TableProps<T> {
  /** Says what the rows are; heard, not seen. */
  readonly caption: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string | number
}

/** A table that becomes a list of cards where there is little room. The roles are spelled out because that layout takes them away. */
export function Table<T>({ caption, columns, rows, rowKey }: TableProps<T>) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: `display: block` of the cards removes the native roles
    <div className="table-box">
      <table role="table">
        <caption className="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ head, align }) => (
              <th key={head} role="columnheader" scope="col" className={align}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map(({ head, cell, align }) => (
                <td key={head} role="cell" data-head={head} className={align}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    // biome-ignore-end lint/a11y/noRedundantRoles: as above
  )
}
