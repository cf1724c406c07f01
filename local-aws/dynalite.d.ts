// dynalite ships no types; these cover what is used here.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the store; without it, data is kept in memory. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
  }

  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
