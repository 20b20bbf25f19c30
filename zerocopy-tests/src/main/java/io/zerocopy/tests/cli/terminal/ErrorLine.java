package io.zerocopy.tests.cli.terminal;

import io.zerocopy.TransferFailure;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Describes a failure in one line for people. The message of a file system exception is often only the name of a file.
 */
public final class ErrorLine {
    private ErrorLine() {}

    public static String of(Throwable failure) {
        String line = what(failure).strip().replaceAll("\\s*\\R\\s*", " ");
        int lost = TransferFailure.of(failure)
                .map(midway -> midway.remainder().remaining())
                .orElse(0);
        return lost == 0 ? line : line + " (" + lost + " bytes taken from the source did not arrive)";
    }

    private static String what(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return reason(file) + ": " + message;
        }
        return message;
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        return failure.getClass().getSimpleName();
    }
}
