package io.zerocopy.internal.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded set of idle objects that takes no lock. The places are in stripes. A thread looks at the places of its own
 * stripe first, so that threads do not contend for one place, and then at all others, so that an object that another
 * thread has returned is found. Of its own stripe it takes the object that it returned last.
 *
 * @param <T> the type of the objects
 */
public final class IdlePlaces<T> {
    private static final int STRIPES = 8;
    private static final int APART = 16; // in references, so that two stripes share no cache line

    private final AtomicReferenceArray<T> places = new AtomicReferenceArray<>(STRIPES * APART);
    private final int perStripe;

    /**
     * Creates an empty set.
     *
     * @param most the most objects that it keeps, at least one and at most {@value #APART} for each stripe
     */
    public IdlePlaces(int most) {
        perStripe = Math.min(APART, Math.max(1, most / STRIPES));
    }

    /**
     * Takes an object.
     *
     * @return the object; null if there is none
     */
    public T take() {
        int own = ownStripe();
        for (int i = 0; i < STRIPES; i++) {
            int first = (own + i) % STRIPES * APART;
            for (int place = first + perStripe - 1; place >= first; place--) {
                T taken = places.get(place) == null ? null : places.getAndSet(place, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return null;
    }

    /**
     * Keeps an object, if there is room.
     *
     * @param idle the object
     */
    public void give(T idle) {
        int own = ownStripe();
        for (int i = 0; i < STRIPES; i++) {
            int first = (own + i) % STRIPES * APART;
            for (int place = first; place < first + perStripe; place++) {
                if (places.get(place) == null && places.compareAndSet(place, null, idle)) {
                    return;
                }
            }
        }
    }

    private static int ownStripe() {
        return (int) (Thread.currentThread().getId() % STRIPES);
    }
}
