// Microsoft 365 as SQL tables, for better-sqlite3 and node:sqlite: finds the library of this platform.
"use strict";

const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");

const NAMES = { linux: "liboffice365.so", darwin: "liboffice365.dylib", win32: "office365.dll" };

function getLoadablePath() {
  const platform = `office365-sql-${process.platform}-${process.arch}`;
  let folder;
  try {
    folder = dirname(require.resolve(`${platform}/package.json`));
  } catch {
    throw new Error(`office365-sql has no library for ${process.platform}-${process.arch}: install ${platform}, or build it from source`);
  }
  const path = join(folder, NAMES[process.platform]);
  if (!existsSync(path)) throw new Error(`${path} is not there: install ${platform} again`);
  return path;
}

function load(db) {
  if (db.enableLoadExtension) db.enableLoadExtension(true);
  db.loadExtension(getLoadablePath());
  if (db.enableLoadExtension) db.enableLoadExtension(false);
}

module.exports = { getLoadablePath, load };
