package io.zerocopy.tests.faults;

import io.zerocopy.TransferException;
import io.zerocopy.tests.faults.InjectedSubject.Outcome;
import java.io.IOException;
import java.util.Arrays;

/** The outcome of both directions of a relay whose calls fail: the peers and the exception together have every byte. */
final class InjectedRelay {
    private InjectedRelay() {}

    /**
     * One direction.
     *
     * @param sent all bytes that should arrive
     * @param arrived the bytes that arrived
     * @param left the bytes that were not taken; null if nothing failed
     */
    record Way(byte[] sent, byte[] arrived, byte[] left) {
        private boolean isAccountedFor(TransferException told) {
            int count = arrived.length;
            int rest = told == null ? 0 : told.remainder().remaining();
            boolean counted = told == null || told.transferred() == count;
            if (!counted || count + rest + left.length != sent.length) {
                return false;
            }
            byte[] back = new byte[rest];
            if (told != null) {
                told.remainder().duplicate().get(back);
            }
            return Arrays.equals(sent, 0, count, arrived, 0, count)
                    && Arrays.equals(sent, count, count + rest, back, 0, rest)
                    && Arrays.equals(sent, count + rest, sent.length, left, 0, left.length);
        }
    }

    /**
     * The exception is that of the direction that failed first. It carries that of the other, unless the other was
     * complete.
     */
    static Outcome judged(IOException failure, Way there, Way back) {
        if (failure == null) {
            String remark = Arrays.equals(back.arrived(), back.sent()) ? "" : " WRONG bytes back";
            return new Outcome(there.sent(), there.arrived(), null, null, remark);
        }
        TransferException first = failure instanceof TransferException e ? e : null;
        TransferException other = Arrays.stream(failure.getSuppressed())
                .filter(TransferException.class::isInstance)
                .map(TransferException.class::cast)
                .findFirst()
                .orElse(null);
        boolean whole = (there.isAccountedFor(first) && back.isAccountedFor(other))
                || (there.isAccountedFor(other) && back.isAccountedFor(first));
        String remark = whole
                ? ", " + failure
                : " WRONG: arrived " + there.arrived().length + " and " + back.arrived().length + ", still there "
                        + there.left().length + " and " + back.left().length + ", " + failure + ", " + other;
        return new Outcome(there.sent(), there.sent(), null, null, remark);
    }
}
