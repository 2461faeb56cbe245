import t from 'tap'
import { mailLink } from './mail-link.js'

t.test('takes our own links, whatever host they name', async (t) => {
  t.same(mailLink('http://sath.example/verify-email?token=abc'), { path: '/verify-email', token: 'abc' })
  t.same(mailLink('http://127.0.0.1:8080/reset-password?token=x%2By'), { path: '/reset-password', token: 'x+y' })
})

t.test('takes no other', async (t) => {
  for (const url of ['', 'nonsense', 'http://a/verify-email', 'http://a/else?token=x', 'javascript:alert(1)'])
    t.equal(mailLink(url), undefined, url)
})
