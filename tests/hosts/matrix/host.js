// The checks of tests/hosts/matrix.rs through better-sqlite3: host.js LIBRARY FILE ADDRESS.
// What is printed is spelled as in host.py. ADDRESS is a connection string of a slow service.

const Database = require("better-sqlite3");
const [LIBRARY, FILE, SLOW] = process.argv.slice(2);
const FIRST =
  "SELECT subject, isRead, receivedDateTime, conversationIndex, flag_completedDateTime_dateTime" +
  " FROM Messages ORDER BY receivedDateTime LIMIT 1";

const db = new Database(FILE);
db.loadExtension(LIBRARY);
connect("Demo=true;Readonly=false");

const checks = { version, tables, columns, values, parameters, instants, join, commit, failure, cancel };
for (const [name, check] of Object.entries(checks)) {
  console.log(`[${name}]`);
  try {
    check();
  } catch (error) {
    line(error);
  }
}

function version() {
  lines(rows("SELECT sqlite_version()"));
}

function tables() {
  const names = rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  line(...names.flat());
}

function columns() {
  const found = db.prepare(FIRST).columns().slice(0, 4);
  line(...found.map((column) => column.type.split("(")[0].toLowerCase()));
}

function values() {
  lines(rows(FIRST));
}

// better-sqlite3 binds no booleans and no Date: 1 and text are what it takes.
function parameters() {
  const sql = "SELECT count(*) FROM Users WHERE accountEnabled = ?";
  line(rows(sql, Number(true))[0][0], rows(sql, null)[0][0]);
  lines(rows("SELECT displayName, ? FROM Users WHERE mail = ?", "O'Brien", "adele@contoso.com"));
}

function instants() {
  const moment = new Date(Date.UTC(2025, 5, 1, 12));
  for (const operator of [">=", "<"]) {
    const sql = `SELECT count(*) FROM Users WHERE createdDateTime ${operator} ?`;
    lines(rows(sql, moment.toISOString()));
  }
}

function join() {
  lines(
    rows(
      "SELECT t.role, u.displayName FROM team t" +
        " LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role",
    ),
  );
}

function commit() {
  const count = "SELECT count(*) FROM Messages WHERE subject = 'from a host'";
  const write = db.transaction(() => {
    db.prepare("INSERT INTO Messages(subject) VALUES (?)").run("from a host");
    lines(rows(count));
  });
  write();
  lines(rows(count));
}

function failure() {
  try {
    lines(rows("SELECT subject FROM CalendarView"));
  } catch (error) {
    line(error.message);
  }
}

// Nothing can interrupt a call of better-sqlite3, but a scan ends when its loop does.
function cancel() {
  connect(SLOW);
  const started = Date.now();
  for (const row of db.prepare("SELECT subject FROM Messages").iterate()) {
    if (row) break;
  }
  line("stopped", Date.now() - started < 2000 ? "soon" : "late");
  connect("Demo=true;Readonly=false");
  lines(rows("SELECT count(*) FROM Users"));
}

function connect(connection) {
  rows("SELECT o365_connect(?)", connection);
}

function rows(sql, ...parameters) {
  return db.prepare(sql).raw().all(...parameters);
}

function lines(found) {
  for (const row of found) line(...row);
}

function line(...values) {
  console.log(values.map(spelled).join(" | "));
}

function spelled(value) {
  if (value === null) return "NULL";
  return Buffer.isBuffer(value) ? value.toString("hex") : String(value);
}
