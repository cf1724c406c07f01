import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What a worker thread begins with. In JavaScript, since only modules that are loaded after this find themselves in the
// cache, without their types: to strip those costs a worker more than all the rest of its start.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url)));
await import('./runtime.ts');
