import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The entry point of a worker thread. It is JavaScript because only modules loaded after this come from the cache, with
// their types already stripped: stripping costs a worker more than the rest of its start.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url)));
await import('./runtime.ts');
