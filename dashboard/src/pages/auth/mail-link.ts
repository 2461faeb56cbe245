const paths = ['/verify-email', '/reset-password'] as const

/** A link of a mail as a page of ours, whatever host it names; undefined for any other link. */
export function mailLink(url: string): { path: (typeof paths)[number]; token: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname, searchParams } = new URL(url)
  const path = paths.find((known) => known === pathname)
  const token = searchParams.get('token')
  return path && token ? { path, token } : undefined
}
