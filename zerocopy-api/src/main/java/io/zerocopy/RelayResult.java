package io.zerocopy;

import java.util.Objects;

/** The results of a finished relay, one per direction. Immutable; two results are equal if both directions are. */
public final class RelayResult {
    private final TransferResult leftToRight;
    private final TransferResult rightToLeft;

    /**
     * Creates a result.
     *
     * @param leftToRight what moved from left to right
     * @param rightToLeft what moved from right to left
     */
    public RelayResult(TransferResult leftToRight, TransferResult rightToLeft) {
        this.leftToRight = Objects.requireNonNull(leftToRight, "leftToRight");
        this.rightToLeft = Objects.requireNonNull(rightToLeft, "rightToLeft");
    }

    /**
     * Returns what moved from left to right.
     *
     * @return the result of that direction
     */
    public TransferResult leftToRight() {
        return leftToRight;
    }

    /**
     * Returns what moved from right to left.
     *
     * @return the result of that direction
     */
    public TransferResult rightToLeft() {
        return rightToLeft;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayResult that
                && leftToRight.equals(that.leftToRight)
                && rightToLeft.equals(that.rightToLeft);
    }

    @Override
    public int hashCode() {
        return Objects.hash(leftToRight, rightToLeft);
    }

    @Override
    public String toString() {
        return "RelayResult[leftToRight=" + leftToRight + ", rightToLeft=" + rightToLeft + "]";
    }
}
