package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.spi.Request;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;

/**
 * What to move, as the builder collected it; immutable but for the buffers and channels that belong to the caller.
 *
 * @param source a {@code Path}, a {@code ByteBuffer[]}, a readable channel or an input stream
 * @param target a {@code Path}, a writable channel or an output stream
 * @param options for a target path
 * @param position first byte of the source, or -1 for "where it stands"
 * @param count bytes of the source at most; {@link Long#MAX_VALUE} for all
 * @param targetPosition first byte in the target, or -1 for "where it stands"
 * @param header buffers before the body
 * @param trailer buffers after the body
 * @param preferences one per mechanism, by ordinal
 * @param stableSource the promise of {@code Builder.stableSource}
 * @param durable the wish of {@code Builder.durable}
 * @param timeoutNanos longest time in nanoseconds; 0 for none
 * @param listener hears of progress; null for none
 * @param fairChunk bytes that one {@code advance()} of a session moves at most
 */
record TransferSpec(
        Object source,
        Object target,
        OpenOption[] options,
        long position,
        long count,
        long targetPosition,
        ByteBuffer[] header,
        ByteBuffer[] trailer,
        Preference[] preferences,
        boolean stableSource,
        boolean durable,
        long timeoutNanos,
        ProgressListener listener,
        long fairChunk) {

    boolean anyRequired() {
        for (Preference preference : preferences) {
            if (preference == Preference.REQUIRE) {
                return true;
            }
        }
        return false;
    }

    Request request(Mechanism mechanism, long from, long to, long wanted, boolean borrowed) {
        return new Request(from, to, wanted, stableSource, preferences[mechanism.ordinal()], borrowed);
    }
}
