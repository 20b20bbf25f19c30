package io.zerocopy.tests.pairs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Named pipes, which only a system command can create. */
final class Fifos {
    private Fifos() {}

    /** Creates a FIFO, which is removed with the lane. If the system has no FIFOs, the pair is not available. */
    static Path make(Lane lane, Path directory) throws IOException {
        Path fifo = Files.createTempFile(directory, "fifo", null);
        Files.delete(fifo);
        try {
            Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
            if (made.waitFor() != 0) {
                throw new UnsupportedOperationException("mkfifo makes none here");
            }
        } catch (IOException noCommand) {
            throw new UnsupportedOperationException("no mkfifo here", noCommand);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        lane.keep(() -> Files.delete(fifo));
        return fifo;
    }
}
