package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sends memory to a peer outside of loopback: there are two network namespaces and a pair of interfaces between them.
 * Here the library chooses the mechanism by itself, the bytes for a stalled peer are references to the sender's memory,
 * and the kernel finds out only later that it has to copy.
 */
class VethTest {
    private static final String SENDER = "10.77.0.1";
    private static final String RECEIVER = "10.77.0.2";

    private final String one = "zc" + ProcessHandle.current().pid() + "a";
    private final String two = "zc" + ProcessHandle.current().pid() + "b";

    @BeforeEach
    void makeNamespaces() throws Exception {
        try {
            TestFixture.run("ip", "netns", "add", one);
        } catch (IOException e) {
            Assumptions.abort("no network namespace can be made: needs root and iproute2");
        }
        TestFixture.run("ip", "netns", "add", two);
        TestFixture.run("ip", "link", "add", "va", "netns", one, "type", "veth", "peer", "name", "vb", "netns", two);
        bring(one, "va", SENDER);
        bring(two, "vb", RECEIVER);
    }

    private static void bring(String namespace, String link, String address) throws IOException {
        TestFixture.run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", link);
        TestFixture.run("ip", "-n", namespace, "link", "set", link, "up");
    }

    @AfterEach
    void removeNamespaces() throws IOException {
        for (String namespace : List.of(one, two)) {
            try {
                TestFixture.run("ip", "netns", "del", namespace);
            } catch (IOException absent) {
                assertThat(absent).as("never made").isNotNull();
            }
        }
    }

    @Test
    void memoryGoesInPlaceUntilTheKernelSaysThatItCopies() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Future<Child.Ended> receiver = fixture.peer(
                    () -> new Child().under("ip", "netns", "exec", two).run(VethSubject.class, "receive", RECEIVER));
            Child.Ended sender = new Child().under("ip", "netns", "exec", one).run(VethSubject.class, "send", RECEIVER);
            assertThat(sender.code()).as(sender.output()).isZero();
            Child.Ended received = TestFixture.join(receiver);
            assertThat(received.code()).as(received.output()).isZero();
            assertThat(lines(received, "intact")).hasSize(6).containsOnly("intact true");
            assertThat(lines(sender, "plan"))
                    .containsExactly("plan MSG_ZEROCOPY", "plan GATHER_WRITE", "plan GATHER_WRITE");
            List<String> sent = lines(sender, "sent");
            assertThat(sent).hasSize(6).allMatch(line -> line.startsWith("sent " + VethSubject.SIZE + " "));
            for (int first : new int[] {0, 3}) {
                assertThat(sent.get(first)).doesNotContain("inplace 0 ").contains("SO_EE_CODE_ZEROCOPY_COPIED");
                assertThat(sent.subList(first + 1, first + 3)).allMatch(line -> line.endsWith("inplace 0 because -"));
            }
            assertThat(lines(sender, "wakeups")).allMatch(line -> Integer.parseInt(line.split(" ")[1]) < 5000);
        }
    }

    private static List<String> lines(Child.Ended ended, String word) {
        return ended.output().lines().filter(line -> line.startsWith(word)).toList();
    }
}
