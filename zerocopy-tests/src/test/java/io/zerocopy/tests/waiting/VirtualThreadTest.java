package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.kit.Child;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transfer that waits on a virtual thread holds no carrier: this runs in child JVMs with one or two carriers. */
class VirtualThreadTest {
    @BeforeEach
    void needsVirtualThreads() {
        assumeTrue(Runtime.version().feature() >= 21, "there are virtual threads from JDK 21 on");
    }

    private static Child.Ended run(int carriers, String... arguments) throws Exception {
        Child.Ended ended = new Child()
                .option("-Djdk.virtualThreadScheduler.parallelism=" + carriers)
                .option("-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers)
                .option("-Dzerocopy.test.keepsSelectors=true")
                .run(VirtualThreadSubject.class, arguments);
        assertThat(ended.output()).contains("all done");
        return ended;
    }

    @Test
    void aStalledTransferHoldsNoCarrierAndCanBeEnded() throws Exception {
        assertThat(run(1, "stalls").output().lines().filter(line -> line.contains("ended by")))
                .hasSize(3 * 3 * 5);
    }

    @Test
    void aThousandTransfersFinishOnTwoCarriers() throws Exception {
        String kept = run(2, "crowd", "1000")
                .output()
                .lines()
                .filter(line -> line.startsWith("selectors kept: "))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseInt(kept.substring("selectors kept: ".length())))
                .as("the library's idle ones and the JDK's pollers")
                .isLessThanOrEqualTo(256 + 8);
    }

    @Test
    void aRelayDeliversTheTail() throws Exception {
        run(1, "relays", "20");
    }
}
