package io.zerocopy.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If no descriptor is left to open a private folder, the library fails and does not use names instead. */
class InnerFolderTest {
    @TempDir
    Path folder;

    /** Returns the folder; every attempt to open a folder inside it fails. */
    private SureFolder failing(IOException failure) throws IOException {
        DirectoryStream<Path> real = Files.newDirectoryStream(folder);
        assumeTrue(real instanceof SecureDirectoryStream, "no SecureDirectoryStream here");
        @SuppressWarnings("unchecked")
        DirectoryStream<Path> stream = (DirectoryStream<Path>) Proxy.newProxyInstance(
                InnerFolderTest.class.getClassLoader(),
                new Class<?>[] {SecureDirectoryStream.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("newDirectoryStream")) {
                        throw failure;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return SureFolder.of(folder, stream, null);
    }

    @Test
    void wantOfDescriptorsIsAFailureAndLeavesNothing() throws IOException {
        FileSystemException failure = new FileSystemException("inner", null, "Too many open files");
        try (SureFolder outer = failing(failure)) {
            assertThatThrownBy(outer::inner).isSameAs(failure);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatWasReplacedIsNotTrusted() throws IOException {
        try (SureFolder outer = failing(new NotDirectoryException("inner"))) {
            assertThat(outer.inner()).isNull();
        }
    }
}
