package io.zerocopy.tests.jmh;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of one call without the bytes: a transfer of nothing and of one page, its parts, and the JDK's
 * calls for the same. All are between files, so that no peer adds to the cost.
 *
 * <pre>
 *   java -cp zerocopy-tests/target/zerocopy.jar org.openjdk.jmh.Main Calls
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Calls {
    private static final int PAGE = 4096;

    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private Path sourcePath;
    private Path targetPath;
    private FileChannel source;
    private FileChannel target;
    private Transfer transfer;

    /** Opens two files of a page each. */
    @Setup
    public void open() throws IOException {
        sourcePath = Files.createTempFile("zerocopy-calls", null);
        targetPath = Files.createTempFile("zerocopy-calls", null);
        Files.write(sourcePath, new byte[PAGE]);
        source = FileChannel.open(sourcePath);
        target = FileChannel.open(targetPath, StandardOpenOption.WRITE);
        transfer = transfer(PAGE);
    }

    /** Closes and removes them. */
    @TearDown
    public void close() throws IOException {
        source.close();
        target.close();
        Files.delete(sourcePath);
        Files.delete(targetPath);
    }

    private Transfer transfer(int count) {
        return Transfers.from(source)
                .range(0, count)
                .to(target)
                .targetPosition(0)
                .build();
    }

    /** Builds a transfer. */
    @Benchmark
    public Transfer build() {
        return transfer(PAGE);
    }

    /** Plans a transfer. */
    @Benchmark
    public TransferPlan plan() {
        return transfer.plan();
    }

    /** A transfer of no bytes: the cost of everything but the moving. */
    @Benchmark
    public TransferResult copyNothing() throws IOException {
        return transfer(0).run();
    }

    /** A transfer of a page. */
    @Benchmark
    public TransferResult copyPage() throws IOException {
        return transfer(PAGE).run();
    }

    /** A transfer of a page that is built once and run again and again. */
    @Benchmark
    public TransferResult copyPageAgain() throws IOException {
        return transfer.run();
    }

    /** A session instead of a call, as in a selector loop. */
    @Benchmark
    public long sessionOfAPage() throws IOException {
        try (TransferSession opened = transfer.open()) {
            while (opened.advance() != TransferSession.Status.DONE) {
                continue;
            }
            return opened.transferred();
        }
    }

    /** Asks whether a mechanism can be used here. */
    @Benchmark
    public boolean capability() {
        return Transfers.capabilities().isAvailable(Mechanism.SPLICE);
    }

    /** The JDK's transfer of no bytes. */
    @Benchmark
    public long jdkTransferNothing() throws IOException {
        return source.transferTo(0, 0, target);
    }

    /** The JDK's transfer of a page. */
    @Benchmark
    public long jdkTransferPage() throws IOException {
        target.position(0);
        return source.transferTo(0, PAGE, target);
    }

    /** A page through a buffer of the caller. */
    @Benchmark
    public int jdkReadAndWritePage() throws IOException {
        source.read(page.clear(), 0);
        return target.write(page.flip(), 0);
    }
}
