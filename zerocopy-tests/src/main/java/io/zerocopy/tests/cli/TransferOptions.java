package io.zerocopy.tests.cli;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.cli.terminal.Address;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that {@code copy} and {@code explain} share: two ends, and how to move between them. */
final class TransferOptions {
    @Parameters(index = "0", paramLabel = "SOURCE", converter = Address.Converter.class, description = Address.HELP)
    Address source;

    @Parameters(index = "1", paramLabel = "TARGET", converter = Address.Converter.class, description = "likewise")
    Address target;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--use",
            paramLabel = "MECHANISM",
            converter = ByName.class,
            description = "Use this one or fail; of several, one of them. One of ${COMPLETION-CANDIDATES}, in either"
                    + " case.")
    List<Mechanism> use = List.of();

    @Option(
            names = "--never",
            paramLabel = "MECHANISM",
            converter = ByName.class,
            description = "Do not use this one. May be repeated.")
    List<Mechanism> never = List.of();

    @Option(names = "--position", paramLabel = "BYTE", description = "First byte of a source file.")
    Long position;

    @Option(names = "--count", paramLabel = "BYTES", description = "Most bytes to move.")
    Long count;

    @Option(
            names = "--target-position",
            paramLabel = "BYTE",
            description = "First byte in a target file, kept otherwise.")
    Long targetPosition;

    @Option(names = "--append", description = "Append to a target file.")
    boolean append;

    @Option(names = "--stable-source", description = "The source will not change until the receiver has it all.")
    boolean stableSource;

    @Option(names = "--durable", description = "Bring data and name to disk before ending.")
    boolean durable;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up after so long; making a connection does not count.")
    Long timeoutSeconds;

    /** Refuses options that do not fit the target, before anything is opened or waited for. */
    void check() {
        if (use.stream().anyMatch(never::contains)) {
            throw new ParameterException(command.commandLine(), "--use and --never contradict each other: " + use);
        }
        if (append && !target.isPath()) {
            throw new ParameterException(command.commandLine(), "--append needs a path as target: " + target);
        }
        if (targetPosition != null && !target.isPath() && target.form() != Address.Form.STANDARD) {
            throw new ParameterException(command.commandLine(), "--target-position needs a file as target: " + target);
        }
    }

    /** Returns the transfer. Contradicting options are a usage error, not a failed transfer. */
    Transfer transfer(Object from, Object to, ProgressListener listener) {
        try {
            return builder(from, to).onProgress(listener).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), ErrorLine.of(e));
        }
    }

    private Transfer.Builder builder(Object from, Object to) {
        Transfer.Builder builder =
                from instanceof Path path ? Transfers.from(path) : Transfers.from((ReadableByteChannel) from);
        if (to instanceof Path path) {
            to(builder, path);
        } else {
            builder.to((WritableByteChannel) to);
        }
        use.forEach(mechanism -> builder.use(mechanism, Preference.REQUIRE));
        never.forEach(mechanism -> builder.use(mechanism, Preference.NEVER));
        if (position != null) {
            builder.range(position, count == null ? Long.MAX_VALUE : count);
        } else if (count != null) {
            builder.count(count);
        }
        if (targetPosition != null) {
            builder.targetPosition(targetPosition);
        }
        if (stableSource) {
            builder.stableSource();
        }
        if (durable) {
            builder.durable();
        }
        if (timeoutSeconds != null) {
            builder.timeout(Duration.ofSeconds(timeoutSeconds));
        }
        return builder;
    }

    private void to(Transfer.Builder builder, Path path) {
        if (append) {
            builder.to(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } else if (targetPosition != null) {
            builder.to(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } else {
            builder.to(path);
        }
    }

    /** Parses the name of a mechanism in upper or lower case, with {@code -} for {@code _}, like the kill switches. */
    static final class ByName implements ITypeConverter<Mechanism> {
        @Override
        public Mechanism convert(String text) {
            try {
                return Mechanism.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is none of " + List.of(Mechanism.values()));
            }
        }
    }
}
