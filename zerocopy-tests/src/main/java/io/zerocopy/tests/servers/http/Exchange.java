package io.zerocopy.tests.servers.http;

import io.zerocopy.Mechanism;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * One request and its outcome, for an access log.
 *
 * @param client address of the client
 * @param request method and target; "-" if they could not be read
 * @param status of the response; 0 if there was none
 * @param bytes bytes of the file that was sent or received, or of the response if there was no file
 * @param mechanism mechanism that moved them; null if none did
 * @param elapsed time from the head of the request to the end of the response
 * @param failure the exception that ended it early, or null
 */
public record Exchange(
        SocketAddress client,
        String request,
        int status,
        long bytes,
        Mechanism mechanism,
        Duration elapsed,
        IOException failure) {}
