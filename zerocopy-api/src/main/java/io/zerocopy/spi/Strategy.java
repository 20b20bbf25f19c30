package io.zerocopy.spi;

import io.zerocopy.Mechanism;
import java.io.IOException;

/**
 * One mechanism: judges pairs and opens {@linkplain Mover step machines} for them. Stateless and thread-safe.
 */
public interface Strategy {
    /**
     * Returns the mechanism.
     *
     * @return which mechanism this is; for one with its own {@linkplain #name() name}, the one that it counts as
     */
    Mechanism mechanism();

    /**
     * Returns the name. By default it is the name of {@link #mechanism()}: this strategy is how that mechanism works, and
     * of several such strategies the one whose provider has the lowest rank is used. A strategy with another name is a
     * mechanism of its own beside them. Plans, results, {@link io.zerocopy.Transfer.Builder#use(String,
     * io.zerocopy.Preference)} and kill switches know it by that name. Whoever speaks of {@link #mechanism()} speaks of this
     * strategy too, unless its own name is given.
     *
     * @return upper-case letters, digits and underscores; always the same, and not the name of another mechanism
     */
    default String name() {
        return mechanism().name();
    }

    /**
     * Returns the place in the order of a pair: the mechanism directly before which this one is tried. Asked only of a
     * strategy with its own {@linkplain #name() name}, once for each pair of kinds. {@link Mechanism#READ_WRITE} is in every
     * order and serves every pair, so a mechanism with a place behind it is tried only if it is required, or if
     * {@code READ_WRITE} is excluded.
     *
     * @param source kind of the source
     * @param target kind of the target
     * @return by default {@link #mechanism()}; if the order does not have that mechanism, {@code READ_WRITE} counts; null if
     *     this strategy serves no such pair
     */
    default @Nullable Mechanism before(EndpointKind source, EndpointKind target) {
        return mechanism();
    }

    /**
     * Returns how often the processor copies each byte, see {@link Mechanism#cpuCopies()}.
     *
     * @return copies per byte, by default those of {@link #mechanism()}
     */
    default int cpuCopies() {
        return mechanism().cpuCopies();
    }

    /**
     * Returns how often devices copy each byte, see {@link Mechanism#dmaCopies()}.
     *
     * @return copies per byte, by default those of {@link #mechanism()}
     */
    default int dmaCopies() {
        return mechanism().dmaCopies();
    }

    /**
     * Returns how often the processor switches between user and kernel mode for one chunk, see
     * {@link Mechanism#contextSwitchesPerCall()}.
     *
     * @return switches per chunk, by default those of {@link #mechanism()}
     */
    default int contextSwitchesPerCall() {
        return mechanism().contextSwitchesPerCall();
    }

    /**
     * Returns why this process cannot use the mechanism at all, found by trying it. Called for every plan, so it must
     * be cheap.
     *
     * @return null if it can; otherwise the cause
     */
    default @Nullable String unavailableBecause() {
        return null;
    }

    /**
     * Judges a pair by its facts alone; makes no system call and moves nothing.
     *
     * @param source the end from which bytes are taken
     * @param target the end to which they go
     * @param request what the transfer asks of the pair
     * @return null if the mechanism is worth trying; otherwise the reason why not
     */
    @Nullable
    String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request);

    /**
     * Opens a step machine over a pair that was not refused. Moves nothing.
     *
     * @param source the source's port, acquired
     * @param target the target's port, acquired
     * @param request what the transfer asks of the pair
     * @return the step machine; the loop closes it
     * @throws IOException if it cannot get something that it needs, and the transfer must fail because of that
     */
    Mover open(Source source, Target target, TransferRequest request) throws IOException;
}
