package io.zerocopy.tests.contract;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.NioProvider;

/** The contract of the mechanisms of every platform. */
class NioContractTest extends StrategyContract {
    NioContractTest() {
        super(new NioProvider());
    }

    /** Before 21, the JDK moves nothing to positions after the end of a file. */
    @Override
    protected boolean mayDecline(Mechanism mechanism, boolean gap) {
        return mechanism == Mechanism.TRANSFER_FROM && gap && Runtime.version().feature() < 21;
    }
}
