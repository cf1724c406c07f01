import type { Media } from '../response.ts';
import { htmlPage } from './html-page.ts';

export interface PortalAssets {
  readonly script: string;
  readonly style: string;
}

/** What the page shows without scripts. */
const body = `<noscript>
<p>This page needs JavaScript to sign your requests. Diese Seite braucht JavaScript.</p>
</noscript>
<div id="page"></div>`;

/**
 * The page on which users manage their devices. It calls the API that serves it, at the same address, and only has to
 * be given the Region to sign for.
 */
export const portalPage = ({ script, style }: PortalAssets, region: string): Media =>
  htmlPage({
    lang: 'en',
    title: 'MFA devices',
    head: `<meta name="color-scheme" content="light dark">\n<meta name="region" content="${region}">\n`,
    body,
    scripts: [script],
    styles: [style],
    policy: ["require-trusted-types-for 'script'", "trusted-types 'none'"],
  });
