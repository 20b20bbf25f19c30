package io.zerocopy.tests.bench.measure;

import java.util.Locale;

/**
 * The middle half of some numbers.
 *
 * @param low first quartile
 * @param median the middle
 * @param high third quartile
 */
public record Spread(double low, double median, double high) {
    /** Returns the spread of at least one number, in any order. Quartiles are interpolated. */
    public static Spread of(double[] numbers) {
        double[] sorted = numbers.clone();
        java.util.Arrays.sort(sorted);
        return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double share) {
        double index = share * (sorted.length - 1);
        int below = (int) index;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (index - below);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%5.2f [%.2f–%.2f]", median, low, high);
    }
}
