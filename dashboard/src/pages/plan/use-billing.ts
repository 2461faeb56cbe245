import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useApp } from '../../app.js'

/** Reads again whatever a payment or a change of plan may have changed. */
export function useBillingChanged(): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(async () => {
    const changed = ['/billing/subscription', '/billing/invoices', '/billing/payments', '/users/me', '/bot/status']
    await Promise.all(changed.map((path) => queries.invalidateQueries({ queryKey: [path] })))
  }, [queries])
}

/** Stripe's own page for cards, receipts and what is due. The browser leaves this page. */
export function usePortal() {
  const { client } = useApp()
  return useMutation({
    mutationFn: () => client.post<{ url: string }>('/billing/portal', { body: {} }),
    onSuccess: ({ url }) => location.assign(url),
  })
}

/** Takes back what waits for the end of the period. */
export function useResume() {
  const { client } = useApp()
  const changed = useBillingChanged()
  return useMutation({ mutationFn: () => client.post('/billing/resume', { body: {} }), onSuccess: changed })
}
