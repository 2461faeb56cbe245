/** Text made safe for HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** A plain page. `body` is HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}form{display:inline}button{font:inherit;margin:.25rem}td{padding-right:1rem}</style>
<h1>${escaped(title)}</h1>
<p><small>This is the local Stripe for tests: no card is asked for, no money moves.</small></p>
${body}
</html>
`
}

/** A form of one button. Fields are sent as hidden inputs. */
export function buttonForm(action: string, label: string, fields: Readonly<Record<string, string>> = {}): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  return `<form method="post" action="${escaped(action)}">${inputs.join('')}<button>${escaped(label)}</button></form>`
}
