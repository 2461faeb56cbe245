import { mailOf } from '../mail-of.js'

/** Hours that the link works. */
export const resetHours = 1

export const resetMail = mailOf<{ readonly token: string }>(({ token }, { publicUrl }) => ({
  subject: { en: 'Choose a new password', es: 'Elige una contraseña nueva' },
  preheader: {
    en: `The link works for ${resetHours} hour.`,
    es: `El enlace vale ${resetHours} hora.`,
  },
  body: [
    {
      en: 'Somebody asked for a new password for your account at Sath. If it was you, choose it here.',
      es: 'Alguien ha pedido una contraseña nueva para tu cuenta de Sath. Si has sido tú, elígela aquí.',
    },
  ],
  button: {
    text: { en: 'Choose a password', es: 'Elegir contraseña' },
    url: `${publicUrl}/reset-password?token=${token}`,
  },
  note: {
    en: `The link works for ${resetHours} hour. If it was not you, ignore this mail; your password stays.`,
    es: `El enlace vale ${resetHours} hora. Si no has sido tú, ignora este correo; tu contraseña no cambia.`,
  },
  token,
  askedFor: true,
}))
