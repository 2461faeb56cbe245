import { Button } from '../../parts/button.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import type { PlanNews } from './plan-news.js'
import { type usePortal, useResume } from './use-billing.js'

interface NewsNoticeProps {
  readonly news: PlanNews
  /** Where the latest invoice can be paid. */
  readonly invoiceUrl: string | null
  readonly portal: ReturnType<typeof usePortal>
}

/** One piece of news with its button. */
export function NewsNotice({ news: { tone, title, text, action }, invoiceUrl, portal }: NewsNoticeProps) {
  const resume = useResume()
  const pays = action === 'pay' && invoiceUrl !== null
  return (
    <>
      <Notice tone={tone} title={title}>
        {text}
        <div className="notice-actions">
          {pays && (
            <a className="button" href={invoiceUrl} target="_blank" rel="noreferrer">
              Pay the invoice
            </a>
          )}
          {(action === 'pay' || action === 'portal') && (
            <Button busy={portal.isPending} onClick={() => portal.mutate()}>
              Change the card
            </Button>
          )}
          {action === 'resume' && (
            <Button busy={resume.isPending} onClick={() => resume.mutate()}>
              Keep the plan
            </Button>
          )}
        </div>
      </Notice>
      <ErrorNotice error={resume.error} />
    </>
  )
}
