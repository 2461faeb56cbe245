import { useMutation } from '@tanstack/react-query'
import { useApp } from '../../../app.js'
import { Button } from '../../../parts/button.js'
import { ErrorNotice } from '../../../parts/notice.js'

/** The list as a file for the accountant, with the same filter. */
export function DownloadLedger({ filter }: { filter: Readonly<Record<string, string | undefined>> }) {
  const { client } = useApp()
  const download = useMutation({
    mutationFn: () => client.get<string>('/admin/payments', { query: { ...filter, format: 'csv' }, raw: true }),
    onSuccess: (csv) => saveAs('payments.csv', new Blob([csv], { type: 'text/csv' })),
  })
  return (
    <>
      <Button busy={download.isPending} onClick={() => download.mutate()}>
        Download CSV
      </Button>
      <ErrorNotice error={download.error} />
    </>
  )
}

function saveAs(name: string, file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // The browser has taken the address by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
