package io.zerocopy.tests.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where every byte of a source is, once its mover has ended: it was counted, is handed back, or is still in the source; in
 * this order, each once.
 */
final class Account {
    private final Feed feed;
    private final Drain drain;
    private final long moved;

    /**
     * Begins one.
     *
     * @param moved bytes that the mover has counted
     */
    Account(Feed feed, Drain drain, long moved) {
        this.feed = feed;
        this.drain = drain;
        this.moved = moved;
    }

    /**
     * Looks for each byte.
     *
     * @param residue what the mover handed back before it was closed: it is the caller's to keep
     * @param mostHeld how many these may be
     * @param targetHolds whether what was counted can be looked at, and is
     */
    void check(ByteBuffer residue, long mostHeld, boolean targetHolds) throws IOException {
        byte[] back = handedBack(residue, mostHeld);
        feed.isUntouched();
        drain.isUntouched();
        if (targetHolds) {
            drain.has(moved);
            drain.stillTakes();
        }
        if (feed.of() != Feed.Of.FILE) {
            byte[] rest = feed.rest();
            expect("the rest of the source", rest, moved + back.length);
            if (moved + back.length + rest.length != feed.fed()) {
                throw new AssertionError("of " + feed.fed() + " bytes, " + moved + " moved, " + back.length
                        + " are handed back and " + rest.length + " are left");
            }
        }
    }

    /**
     * Looks at what is handed back alone, where the source can tell nothing any more.
     *
     * @param residue what the mover handed back
     * @param mostHeld how many bytes these may be
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
