package io.zerocopy.internal.build;

import io.zerocopy.ChannelHold;
import io.zerocopy.internal.plan.Providers;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;

/** The holds of providers on several channels, as one hold. */
public final class HeldChannels implements ChannelHold {
    private final List<ChannelHold> holds = new ArrayList<>(); // guarded by this

    private HeldChannels() {}

    /**
     * Holds channels; if two channels were joined, both.
     *
     * @param channels the channels
     * @return the hold; close it to end it
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
