/** A pass as people type it from paper, with or without its hyphens; undefined for what is none. */
export function passIn(text: string): string | undefined {
  const characters = text.toLowerCase().replaceAll(/[\s-]/g, '');
  return /^[a-z2-7]{24}$/.test(characters) ? characters.replaceAll(/.{4}(?=.)/g, '$&-') : undefined;
}
