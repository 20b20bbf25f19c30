package io.zerocopy.internal.build;

import io.zerocopy.ChannelHold;
import io.zerocopy.internal.plan.Providers;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;

/** What providers hold of several channels, as one hold. */
public final class HeldChannels implements ChannelHold {
    private final List<ChannelHold> holds = new ArrayList<>(); // guarded by this

    private HeldChannels() {}

    /**
     * Holds channels; of two that were joined, both.
     *
     * @param channels which ones
     * @return ends it
     */
    public static ChannelHold hold(List<Channel> channels) {
        HeldChannels held = new HeldChannels();
        try {
            for (Channel channel : channels) {
                Object input = DuplexChannel.input(channel);
                Object output = DuplexChannel.output(channel);
                held.add((Channel) input);
                if (output != input) {
                    held.add((Channel) output);
                }
            }
            return held;
        } catch (RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    private synchronized void add(Channel channel) {
        ChannelHold hold = Providers.installed().hold(channel);
        if (hold != null) {
            holds.add(hold);
        }
    }

    @Override
    public synchronized void close() {
        holds.forEach(ChannelHold::close);
        holds.clear();
    }
}
