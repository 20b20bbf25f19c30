package io.zerocopy.tests.bench.result;

import io.zerocopy.tests.bench.contestant.Contestant.Role;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Spread;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The results of one contestant on one case with one size.
 *
 * @param pair the case
 * @param size bytes of one transfer
 * @param repetitions transfers per window
 * @param name name of the contestant
 * @param role its role
 * @param samples its windows, in the order of the rounds
 * @param failure why it did not finish, or null
 * @param calls system calls of one transfer, or -1 if unknown
 */
public record CaseResult(
        BenchmarkCase pair,
        long size,
        int repetitions,
        String name,
        Role role,
        List<Measurement> samples,
        String failure,
        double calls) {

    /** Returns a median over its windows. */
    public double median(ToDoubleFunction<Measurement> of) {
        return Spread.of(samples.stream().mapToDouble(of).toArray()).median();
    }

    /**
     * Returns the bytes allocated by one transfer, from the window that allocated least; -1 for external contestants.
     */
    public double allocatedPerTransfer() {
        return samples.stream()
                .mapToDouble(s -> s.allocated() < 0 ? -1 : (double) s.allocated() / repetitions)
                .min()
                .orElse(-1);
    }

    /** Returns this contestant's processor time divided by another's, round by round. */
    public Spread ratioTo(CaseResult other) {
        int rounds = Math.min(samples.size(), other.samples.size());
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = samples.get(i).cpuMillisPerGib() / other.samples.get(i).cpuMillisPerGib();
        }
        return Spread.of(ratios);
    }

    public CaseResult withCalls(double counted) {
        return new CaseResult(pair, size, repetitions, name, role, samples, failure, counted);
    }

    public boolean finished() {
        return failure == null && !samples.isEmpty();
    }
}
