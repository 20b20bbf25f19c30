package io.zerocopy.tests.cli.terminal;

import io.zerocopy.TransferResult;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Describes a transfer that has ended in one line for people. Put together without a format or a stream, whose classes a
 * process that copies one small file needs for nothing else.
 */
public final class ResultLine {
    private ResultLine() {}

    public static String of(TransferResult result) {
        if (result.bytes() == 0) {
            return "0 bytes, nothing to move";
        }
        double seconds = result.elapsed().toNanos() / 1e9;
        StringBuilder line = new StringBuilder();
        line.append(result.bytes()).append(" bytes by ").append(result.mechanismName());
        line.append(" in ").append(rounded(seconds, 3)).append(" s, ");
        line.append(rounded(result.bytes() / seconds / (1 << 30), 2)).append(" GiB/s (");
        String between = "";
        for (TransferResult.Leg leg : result.legs()) {
            line.append(between).append(leg.name()).append(' ').append(leg.bytes());
            between = ", ";
        }
        line.append(')');
        for (TransferResult.Fallback fallback : result.fallbacks()) {
            line.append("; ").append(fallback.name()).append(" declined: ").append(fallback.reason());
        }
        return line.toString();
    }

    private static String rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
