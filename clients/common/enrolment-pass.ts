/** Normalises a pass typed from paper, with or without hyphens; undefined if it is malformed. */
export function passIn(text: string): string | undefined {
  const characters = text.toLowerCase().replaceAll(/[\s-]/g, '');
  return /^[a-z2-7]{24}$/.test(characters) ? characters.replaceAll(/.{4}(?=.)/g, '$&-') : undefined;
}
