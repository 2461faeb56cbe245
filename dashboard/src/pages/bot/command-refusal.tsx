import { Link } from '@tanstack/react-router'
import { ApiError } from '../../api/problem.js'
import { ErrorNotice } from '../../parts/notice.js'
import { inWords } from '../setup/limit-words.js'

/** Why a command was refused, reason by reason, with the page where that can be changed; nothing for no error. */
export function CommandRefusal({ error }: { error: unknown }) {
  const { code, errors } = error instanceof ApiError ? error : { code: undefined, errors: [] }
  return (
    <ErrorNotice error={error}>
      {errors.length > 0 && (
        <ul>
          {errors.map(inWords).map(({ path, message }) => (
            <li key={`${path} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
      {(code === 'config-missing' || code === 'plan-limit') && (
        <div className="notice-actions">
          <Link to="/setup" className="button button-plain">
            Set it up
          </Link>
          {code === 'plan-limit' && (
            <Link to="/billing" className="button button-plain">
              Choose a plan
            </Link>
          )}
        </div>
      )}
    </ErrorNotice>
  )
}
