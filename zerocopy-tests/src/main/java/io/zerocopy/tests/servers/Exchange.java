package io.zerocopy.tests.servers;

import io.zerocopy.Mechanism;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * One request and what became of it; what an access log wants to know.
 *
 * @param client who asked
 * @param request method and target; "-" for what could not be read
 * @param status of the response; 0 where none was made
 * @param bytes of the file that went out or came in, or of the response where there was no file
 * @param mechanism that moved them; null where none did
 * @param elapsed time from the head of the request to the end of the response
 * @param failure what ended it before its end, or null
 */
public record Exchange(
        SocketAddress client,
        String request,
        int status,
        long bytes,
        Mechanism mechanism,
        Duration elapsed,
        IOException failure) {}
