package io.zerocopy.tests.contract;

import io.zerocopy.tests.fixture.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Accounts for every byte of a source after its mover has ended. Each byte was counted, is in the residue, or is still
 * in the source; in this order, and exactly once.
 */
final class Account {
    private final SourceDriver feed;
    private final TargetDriver drain;
    private final long moved;

    /**
     * Creates an account.
     *
     * @param moved bytes that the mover has counted
     */
    Account(SourceDriver feed, TargetDriver drain, long moved) {
        this.feed = feed;
        this.drain = drain;
        this.moved = moved;
    }

    /**
     * Checks each byte.
     *
     * @param residue the mover's residue, taken before it was closed; the caller may keep it
     * @param mostHeld most bytes that the residue may have
     * @param targetHolds whether the counted bytes can be checked in the target, and are
     */
    void check(ByteBuffer residue, long mostHeld, boolean targetHolds) throws IOException {
        byte[] back = handedBack(residue, mostHeld);
        feed.isUntouched();
        drain.isUntouched();
        if (targetHolds) {
            drain.has(moved);
            drain.stillTakes();
        }
        if (feed.of() != SourceDriver.Of.FILE) {
            byte[] rest = feed.rest();
            expect("the rest of the source", rest, moved + back.length);
            if (moved + back.length + rest.length != feed.fed()) {
                throw new AssertionError("of " + feed.fed() + " bytes, " + moved + " moved, " + back.length
                        + " are handed back and " + rest.length + " are left");
            }
        }
    }

    /**
     * Checks only the residue, if the source can no longer be checked.
     *
     * @param residue the mover's residue
     * @param mostHeld most bytes that it may have
     * @return the bytes
     */
    byte[] handedBack(ByteBuffer residue, long mostHeld) {
        byte[] back = new byte[residue.remaining()];
        residue.get(back);
        if (!feed.of().stream() && back.length > 0) {
            throw new AssertionError("hands back " + back.length + " bytes that the source still has");
        }
        if (back.length > mostHeld) {
            throw new AssertionError("took " + (moved + back.length) + " bytes, of which " + moved
                    + " were delivered and " + mostHeld + " more were wanted at most");
        }
        expect("what is handed back", back, moved);
        return back;
    }

    private void expect(String what, byte[] bytes, long offset) {
        int wrong = Arrays.mismatch(bytes, Content.PATTERN.bytes(feed.start() + offset, bytes.length));
        if (wrong >= 0) {
            throw new AssertionError(what + " is wrong at " + wrong + " of " + bytes.length);
        }
    }
}
