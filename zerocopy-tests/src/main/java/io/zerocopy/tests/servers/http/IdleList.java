package io.zerocopy.tests.servers.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections in the order of their last progress. All have the same timeout, so the first one always expires next: the
 * check is cheap, however many there are.
 */
final class IdleList {
    private record Last(long progress, long nanos) {}

    private final long patience;
    private final Map<Connection, Last> connections = new LinkedHashMap<>();

    IdleList(long patienceNanos) {
        patience = patienceNanos;
    }

    int size() {
        return connections.size();
    }

    /** Records a connection after its turn. */
    void note(Connection connection, long now) {
        Last last = connections.get(connection);
        if (last == null || last.progress != connection.progress()) {
            connections.remove(connection);
            connections.put(connection, new Last(connection.progress(), now));
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /**
     * Returns the nanoseconds until the first connection expires, 0 or less if it has expired; MAX_VALUE if there is
     * none.
     */
    long untilFirst(long now) {
        for (Last last : connections.values()) {
            return last.nanos + patience - now;
        }
        return Long.MAX_VALUE;
    }

    /** Returns the connections that have been idle for too long. */
    List<Connection> expired(long now) {
        List<Connection> expired = new ArrayList<>();
        for (Map.Entry<Connection, Last> entry : connections.entrySet()) {
            if (entry.getValue().nanos + patience - now > 0) {
                break;
            }
            expired.add(entry.getKey());
        }
        return expired;
    }
}
