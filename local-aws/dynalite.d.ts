// dynalite ships no types; these are what is used of it.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the store; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
  }

  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
