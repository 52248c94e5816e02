/** The path of the library for this platform. Throws where there is none. */
export declare function getLoadablePath(): string;

/** A connection of better-sqlite3, or of node:sqlite opened with `allowExtension: true`. */
interface Loads {
  loadExtension(path: string): unknown;
  enableLoadExtension?(allow: boolean): void;
}

/** Registers the tables on a connection. */
export declare function load(db: Loads): void;
