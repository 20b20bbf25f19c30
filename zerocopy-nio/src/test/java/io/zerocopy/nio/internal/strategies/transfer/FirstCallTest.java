package io.zerocopy.nio.internal.strategies.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.nio.internal.strategies.SourceProbe;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class FirstCallTest {
    private final FirstCall first = new FirstCall("transferTo", true);

    @Test
    void declinesInEveryLanguage() {
        for (String text :
                new String[] {"Operation not permitted", "Eingabe-/Ausgabefehler", "No space left on device"}) {
            assertThat(first.declines(new IOException(text))).isTrue();
            assertThat(first.declinedBecause()).isEqualTo("transferTo: " + text);
        }
        assertThat(first.declines(new IOException())).isTrue();
        assertThat(first.declinedBecause()).isEqualTo("transferTo: java.io.IOException");
    }

    @Test
    void failsAfterBytesHaveMoved() {
        first.moved();
        assertThat(first.declines(new IOException("Operation not permitted"))).isFalse();
    }

    @Test
    void failsWhereAnEndWasClosedOrAMappingHasChanged() {
        assertThat(first.declines(new ClosedChannelException())).isFalse();
        assertThat(first.declines(new AsynchronousCloseException())).isFalse();
        assertThat(first.declines(new ClosedByInterruptException())).isFalse();
        assertThat(first.declines(SourceProbe.asIOException(new InternalError("a fault"))))
                .isFalse();
    }

    @Test
    void doesNotDeclineForForeignExceptions() {
        assertThat(new FirstCall("transferTo", false).declines(new IOException("mine")))
                .isFalse();
    }
}
