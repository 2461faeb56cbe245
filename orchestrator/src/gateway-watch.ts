/** Since when a gateway of each node has been seen serving without a break, by database time. */
export function gatewayWatch() {
  const since = new Map<string, { readonly instanceId: string; readonly from: number }>()
  return {
    /** What one sweep has read, `now` by the database. Another instance, or one that was missing, begins anew. */
    seen(gateways: readonly { readonly instanceId: string; readonly node: string; readonly now: number }[]): void {
      const nodes = new Map(gateways.map((one) => [one.node, one]))
      for (const node of since.keys()) if (!nodes.has(node)) since.delete(node)
      for (const [node, { instanceId, now }] of nodes)
        if (since.get(node)?.instanceId !== instanceId) since.set(node, { instanceId, from: now })
    },
    /** A sweep could not read: nothing is known of what was heard meanwhile. */
    forget(): void {
      since.clear()
    },
    since: (node: string): number | undefined => since.get(node)?.from,
  }
}

export type GatewayWatch = ReturnType<typeof gatewayWatch>
