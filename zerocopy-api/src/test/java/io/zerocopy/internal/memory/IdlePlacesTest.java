package io.zerocopy.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class IdlePlacesTest {
    private static final int MOST = 32;

    private final IdlePlaces<Object> places = new IdlePlaces<>(MOST);

    private List<Object> takeAll() {
        List<Object> all = new ArrayList<>();
        for (Object taken = places.take(); taken != null; taken = places.take()) {
            all.add(taken);
        }
        return all;
    }

    @Test
    void takesTheObjectThatTheThreadReturnedLast() {
        Object first = new Object();
        Object second = new Object();
        places.give(first);
        places.give(second);
        assertThat(places.take()).isSameAs(second);
        assertThat(places.take()).isSameAs(first);
        assertThat(places.take()).isNull();
    }

    @Test
    void keepsNoMoreThanItsBound() {
        for (int i = 0; i < 3 * MOST; i++) {
            places.give(i);
        }
        assertThat(takeAll()).hasSize(MOST).doesNotHaveDuplicates();
    }

    @Test
    void findsWhatAnotherThreadHasReturned() throws Exception {
        for (int i = 0; i < 8; i++) { // so that one of them has another stripe
            Object given = i;
            Thread other = new Thread(() -> places.give(given));
            other.start();
            other.join();
            assertThat(places.take()).isSameAs(given);
        }
    }

    @Test
    void givesAnObjectToOneThreadAtATime() throws Exception {
        for (int i = 0; i < 4; i++) {
            places.give(new AtomicBoolean());
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    int shared = 0;
                    for (int n = 0; n < 20_000; n++) {
                        AtomicBoolean taken = (AtomicBoolean) places.take();
                        if (taken != null) {
                            shared += taken.getAndSet(true) ? 1 : 0;
                            taken.set(false);
                            places.give(taken);
                        }
                    }
                    return shared;
                }));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get(5, TimeUnit.MINUTES)).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(takeAll()).hasSize(4).doesNotHaveDuplicates();
    }
}
