import type { Media } from '../response.ts';
import { htmlPage } from './html-page.ts';

/** The page's own code, each as one text. */
export interface PortalAssets {
  readonly script: string;
  readonly style: string;
}

/** What is there without scripts. */
const body = `<noscript><p>This page needs JavaScript, which signs your requests. Diese Seite braucht JavaScript.</p></noscript>
<div id="page"></div>`;

/**
 * The page on which users look after their devices, all in one text. It calls the API that serves it, at the same
 * address; only the Region to sign for it has to be told.
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
