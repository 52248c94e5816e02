// The checks of tests/hosts/matrix.rs through xerial's JDBC driver: Host.java LIBRARY FILE ADDRESS.
// What is printed is spelled as in host.py. ADDRESS is a connection string of a service that never answers.

import java.sql.*;
import java.util.*;

public class Host {
    static final String FIRST =
            "SELECT subject, isRead, receivedDateTime, conversationIndex, flag_completedDateTime_dateTime"
                    + " FROM Messages ORDER BY receivedDateTime LIMIT 1";
    static final List<String> NAMES =
            List.of("subject", "isRead", "receivedDateTime", "conversationIndex");

    static Connection db;

    interface Check {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        db = DriverManager.getConnection("jdbc:sqlite:" + arguments[1] + "?enable_load_extension=true");
        rows("SELECT load_extension(?)", arguments[0]);
        rows("SELECT o365_connect(?)", "Demo=true;Readonly=false");
        check("version", () -> lines(rows("SELECT sqlite_version()")));
        check("tables", Host::tables);
        check("columns", Host::columns);
        check("values", Host::values);
        check("parameters", Host::parameters);
        check("instants", Host::instants);
        check("join", Host::join);
        check("commit", Host::commit);
        check("failure", Host::failure);
        check("cancel", () -> cancel(arguments[2]));
        db.close();
    }

    static void check(String name, Check check) {
        System.out.println("[" + name + "]");
        try {
            check.run();
        } catch (Exception error) {
            line(error);
        }
    }

    static void tables() throws SQLException {
        List<String> names = new ArrayList<>();
        ResultSet found = db.getMetaData().getTables(null, null, "%", new String[] {"TABLE"});
        while (found.next()) names.add(found.getString("TABLE_NAME"));
        Collections.sort(names);
        line(names.toArray());
    }

    /** The declared types, and what getColumns() and a result's own metadata make of a timestamp. */
    static void columns() throws SQLException {
        Map<String, String> types = new HashMap<>();
        ResultSet found = db.getMetaData().getColumns(null, null, "Messages", "%");
        while (found.next()) {
            types.put(found.getString("COLUMN_NAME"), found.getString("TYPE_NAME"));
        }
        line(NAMES.stream().map(name -> types.get(name).split("\\(")[0].toLowerCase()).toArray());
        try (Statement statement = db.createStatement()) {
            ResultSetMetaData row = statement.executeQuery(FIRST).getMetaData();
            if (row.getColumnType(2) != Types.BOOLEAN || row.getColumnType(3) != Types.TIMESTAMP) {
                line("the result says", row.getColumnType(2), row.getColumnType(3));
            }
        }
    }

    static void values() throws SQLException {
        try (Statement statement = db.createStatement()) {
            ResultSet row = statement.executeQuery(FIRST);
            row.next();
            // Without a calendar, getTimestamp takes the text for local time; columns are UTC.
            Timestamp received = row.getTimestamp(3, utc());
            Timestamp completed = row.getTimestamp(5, utc());
            line(
                    row.getString(1),
                    row.getBoolean(2) ? 1 : 0,
                    received.toInstant().toString().replace('T', ' ').replace("Z", ""),
                    HexFormat.of().formatHex(row.getBytes(4)),
                    completed == null && row.wasNull() ? "NULL" : completed);
        }
    }

    static Calendar utc() {
        return Calendar.getInstance(TimeZone.getTimeZone("UTC"));
    }

    static void parameters() throws SQLException {
        String sql = "SELECT count(*) FROM Users WHERE accountEnabled = ?";
        line(rows(sql, true).get(0).get(0), rows(sql, new Object[] {null}).get(0).get(0));
        lines(rows("SELECT displayName, ? FROM Users WHERE mail = ?", "O'Brien", "adele@contoso.com"));
    }

    static void instants() throws SQLException {
        Timestamp moment = Timestamp.from(java.time.Instant.parse("2025-06-01T12:00:00Z"));
        for (String operator : List.of(">=", "<")) {
            lines(rows("SELECT count(*) FROM Users WHERE createdDateTime " + operator + " ?", moment));
        }
    }

    static void join() throws SQLException {
        lines(rows("SELECT t.role, u.displayName FROM team t"
                + " LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role"));
    }

    static void commit() throws SQLException {
        String count = "SELECT count(*) FROM Messages WHERE subject = 'from a host'";
        db.setAutoCommit(false);
        try (Statement statement = db.createStatement()) {
            statement.executeUpdate("INSERT INTO Messages(subject) VALUES ('from a host')");
        }
        lines(rows(count));
        db.commit();
        db.setAutoCommit(true);
        lines(rows(count));
    }

    static void failure() {
        line(refused(() -> rows("SELECT subject FROM CalendarView")));
    }

    static String refused(Check check) {
        try {
            check.run();
            return "no error";
        } catch (Exception error) {
            return error.getMessage();
        }
    }

    /** Another thread cancels when standard input says that the request has gone out. */
    static void cancel(String silent) throws Exception {
        rows("SELECT o365_connect(?)", silent);
        long[] asked = {0};
        PreparedStatement running =
                db.prepareStatement("SELECT count(*) FROM Users WHERE displayName LIKE 'A%'");
        Thread thread = new Thread(() -> {
            try {
                System.in.read();
                asked[0] = System.nanoTime();
                running.cancel();
            } catch (Exception error) {
                line(error);
            }
        });
        thread.start();
        String said = refused(running::executeQuery);
        boolean soon = asked[0] != 0 && System.nanoTime() - asked[0] < 2_000_000_000L;
        thread.join();
        running.close();
        line(said.contains("interrupted") ? "interrupted" : said, soon ? "soon" : "late");
        rows("SELECT o365_connect(?)", "Demo=true;Readonly=false");
        lines(rows("SELECT count(*) FROM Users"));
    }

    static List<List<Object>> rows(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int n = 0; n < parameters.length; n++) {
                if (parameters[n] instanceof Timestamp moment) statement.setTimestamp(n + 1, moment);
                else statement.setObject(n + 1, parameters[n]);
            }
            ResultSet found = statement.executeQuery();
            int width = found.getMetaData().getColumnCount();
            List<List<Object>> rows = new ArrayList<>();
            while (found.next()) {
                List<Object> row = new ArrayList<>();
                for (int n = 1; n <= width; n++) row.add(found.getObject(n));
                rows.add(row);
            }
            return rows;
        }
    }

    static void lines(List<List<Object>> rows) {
        for (List<Object> row : rows) line(row.toArray());
    }

    static void line(Object... values) {
        StringJoiner line = new StringJoiner(" | ");
        for (Object value : values) line.add(value == null ? "NULL" : value.toString());
        System.out.println(line);
    }
}
