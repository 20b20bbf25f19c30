package io.zerocopy.internal.loop;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The flight recorder's event for one transfer. People and tools use its names, so they must not change. */
@Name("io.zerocopy.Transfer")
@Label("Transfer")
@Category("zerocopy")
@Description("Bytes moved from one source to one target, by a blocking call or a session")
@StackTrace(false)
final class TransferEvent extends Event {
    @Label("Source")
    @Description("Kind of the source")
    String source;

    @Label("Target")
    @Description("Kind of the target")
    String target;

    @Label("Mechanism")
    @Description("The one that moved most of the body, or was chosen to")
    String mechanism;

    @Label("Bytes")
    @Description("Bytes that reached the target")
    @DataAmount
    long bytes;

    @Label("Fallbacks")
    @Description("Which mechanisms declined, and what they said")
    String fallbacks;

    @Label("Outcome")
    @Description("SOURCE_ENDED, COUNT_REACHED, CANCELLED, or what the transfer failed with")
    String outcome;
}
