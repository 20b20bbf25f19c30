package io.zerocopy.tests.degraded;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;

/** Runs in a process in which a provider cannot be made at first: looks at it until it is there. */
final class ProvidersSubject {
    private ProvidersSubject() {}

    public static void main(String[] args) throws Exception {
        System.out.println("first " + Transfers.capabilities());
        System.out.println(copy());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS);
        while (!Transfers.capabilities().toString().contains("provider flaky                in use")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("" + Transfers.capabilities());
            }
            Thread.sleep(10);
        }
        System.out.println("later " + Transfers.capabilities());
        System.out.println(copy());
        System.out.println("all moved");
    }

    private static String copy() throws Exception {
        return Transfers.copy(new ByteArrayInputStream(new byte[1000]), new ByteArrayOutputStream())
                .toString();
    }
}
