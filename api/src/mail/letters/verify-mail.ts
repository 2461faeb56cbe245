import { mailOf } from '../mail-of.js'

/** Hours that the link works. */
export const verifyHours = 24

/** Says nothing that the one who signed up typed in: it may go to somebody else's mailbox. */
export const verifyMail = mailOf<{ readonly token: string }>(({ token }, { publicUrl }) => ({
  subject: { en: 'Confirm your address', es: 'Confirma tu dirección' },
  preheader: {
    en: 'One click, and your account at Sath is ready.',
    es: 'Un clic y tu cuenta de Sath estará lista.',
  },
  body: [
    {
      en: 'Welcome to Sath. Confirm that this address is yours.',
      es: 'Te damos la bienvenida a Sath. Confirma que esta dirección es tuya.',
    },
  ],
  button: { text: { en: 'Confirm', es: 'Confirmar' }, url: `${publicUrl}/verify-email?token=${token}` },
  note: {
    en: `The link works for ${verifyHours} hours. If you did not sign up, ignore this mail.`,
    es: `El enlace vale ${verifyHours} horas. Si no te has registrado, ignora este correo.`,
  },
  token,
  askedFor: true,
}))
