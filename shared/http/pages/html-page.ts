import { createHash } from 'node:crypto';
import { Media } from '../response.ts';

/** A self-contained page. */
export interface HtmlPage {
  /** Language of the page before its scripts run. */
  readonly lang: string;
  readonly title: string;
  /** HTML for the head, besides title, icon and styles. */
  readonly head?: string;
  /** HTML of the body, before the scripts. */
  readonly body: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** Directives of the content security policy, besides those of all pages. */
  readonly policy?: readonly string[];
}

/**
 * Renders a page as one document, at any path. Its policy allows only its own scripts and styles, and requests only to
 * the origin that serves it.
 */
export function htmlPage({ lang, title, head = '', body, styles, policy = [], ...page }: HtmlPage): Media {
  const scripts = page.scripts.map(asScript);
  const html = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${head}${styles.map((text) => `<style>${text}</style>`).join('\n')}
</head>
<body>
${body}
${scripts.map((text) => `<script>${text}</script>`).join('\n')}
</body>
</html>
`;
  return new Media('text/html', html, {
    'content-security-policy': [...contentSecurityPolicy(scripts, styles), ...policy].join('; '),
    ...otherHeaders,
  });
}

/** Closes the page to other origins and to windows that open it, and keeps it from camera, location and the like. */
const otherHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  // Browsers honour it only over HTTPS, which is all that API Gateway serves.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

function contentSecurityPolicy(scripts: readonly string[], styles: readonly string[]): readonly string[] {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${styles.map(hashOf).join(' ')}`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Inline, a script ends at the first `</script`, and `<!--` changes how it is parsed. */
function asScript(text: string): string {
  return text.replaceAll('</script', String.raw`<\/script`).replaceAll('<!--', String.raw`<\!--`);
}
