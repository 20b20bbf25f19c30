package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.file.SameFileProbe;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Source;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Refuses positions that no file can have, overlapping ranges of one file, and a source that opening the target would
 * truncate.
 */
final class RangeChecks {
    private RangeChecks() {}

    /**
     * Checks the ranges of one transfer.
     *
     * @param expected the most bytes that reach the target
     * @param byName whether the target is not open yet, so that only its path can show that it is a source
     */
    static void check(TransferSpec spec, List<SourceRange> ranges, OpenTarget target, long expected, boolean byName)
            throws IOException {
        long start = target.start();
        boolean unknown = expected == Long.MAX_VALUE;
        if (start >= 0 && (unknown ? start == Long.MAX_VALUE : start > Long.MAX_VALUE - expected)) {
            throw new IllegalArgumentException(
                    "no file is so long: " + (unknown ? "" : expected + " bytes ") + "at position " + start);
        }
        Source looked = null;
        boolean same = false;
        for (int i = 0; i < ranges.size(); i++) {
            SourceRange range = ranges.get(i);
            if (range.facts().kind().isFile() && isWrong(range, target, expected)) {
                // only then the identity matters
                same = range.port() == looked ? same : isSame(spec, range, target, byName);
                looked = range.port();
                if (same) {
                    throw new IllegalArgumentException(refusal(spec, range, target, expected));
                }
            }
        }
    }

    private static boolean isSame(TransferSpec spec, SourceRange range, OpenTarget target, boolean byName)
            throws IOException {
        EndpointFacts source = range.facts();
        EndpointFacts to = target.facts();
        if (source.sameFile(to)) {
            return true;
        }
        // Providers represent devices in different ways, so only different inode numbers prove that two files differ.
        if (source.inode() != 0 && to.inode() != 0 && source.inode() != to.inode()) {
            return false;
        }
        if (!byName) {
            return target.port() != null
                    && isSame(range.port().channel(), target.port().channel());
        }
        Path path = (Path) spec.target();
        if (range.named() instanceof Path from) {
            return Files.exists(path) && Files.isSameFile(from, path);
        }
        return to.kind() == EndpointKind.FILE && SameFileProbe.is(range.port().channel(), path, spec.options());
    }

    private static boolean isSame(Channel from, Channel to) throws IOException {
        FileChannel source = OpenedFile.of(from);
        return source != null
                && to instanceof FileChannel target
                && (source == target || SameFileProbe.is(source, target));
    }

    /** Whether a range cannot be moved to the target if both are the same file. */
    private static boolean isWrong(SourceRange range, OpenTarget target, long expected) {
        long start = target.start();
        boolean apart = range.start() - start >= expected || start - range.start() >= range.bound();
        return isEmptied(range, target) || (start >= 0 && !apart && range.bound() > 0);
    }

    private static boolean isEmptied(SourceRange range, OpenTarget target) {
        return target.truncates() && range.facts().kind() == EndpointKind.FILE;
    }

    private static String refusal(TransferSpec spec, SourceRange range, OpenTarget target, long expected) {
        return isEmptied(range, target)
                ? "opening the target would truncate the source, they are one file: " + spec.target()
                : "source [" + range.start() + ", +" + range.bound() + ") and target [" + target.start() + ", +"
                        + expected + ") are overlapping ranges of one file";
    }
}
