package io.zerocopy.tests.contract;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.LinuxProvider;

/** The contract of the mechanisms of the Linux kernel. */
class LinuxContractTest extends StrategyContract {
    LinuxContractTest() {
        super(new LinuxProvider());
    }

    /** Whether files can be cloned depends on where temporary files are. */
    @Override
    protected boolean mayDecline(Mechanism mechanism, boolean gap) {
        return mechanism == Mechanism.REFLINK;
    }
}
