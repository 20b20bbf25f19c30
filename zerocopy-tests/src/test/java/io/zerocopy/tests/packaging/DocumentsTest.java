package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of the documents compiles with the current modules. A block is the body of a method. What it expects
 * from its reader (a socket, a path, a method of the application) is a field or a method of {@link #CONTEXT}, and
 * imports are those of {@link #IMPORTS}.
 */
class DocumentsTest {
    /** The folder above this module. */
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final Pattern MARKDOWN = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final Pattern JAVADOC = Pattern.compile("(?ms)\\{@code\\n(.*?)^ \\* \\}</pre>");

    private static final String IMPORTS = """
            import static java.nio.channels.SelectionKey.*;
            import static java.nio.file.StandardCopyOption.*;
            import static io.zerocopy.Mechanism.*;
            import static io.zerocopy.Preference.*;
            import io.zerocopy.*;
            import io.zerocopy.linux.*;
            import io.zerocopy.nio.*;
            import io.zerocopy.spi.*;
            import io.zerocopy.tests.netty.*;
            import java.io.*;
            import java.net.*;
            import java.nio.*;
            import java.nio.channels.*;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.*;
            import org.agrona.*;
            """;

    /** These are fields, so that a block can declare the same name itself. */
    private static final String CONTEXT = """
            abstract class Example {
                SocketAddress address;
                Path path, file, source, target;
                long from, length;
                ByteBuffer head, heap, direct, mapped, slice, tail, boundary;
                SelectionKey key, sourceKey;
                SocketChannel socket, left, right;
                ServerSocketChannel server;
                abstract void schedule(TransferSession session);
                abstract void log(Object what);
                void block() throws Exception {
            """;

    @TempDir
    Path classes;

    record Block(String place, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (String name : List.of("README.md", "zerocopy-api/GUIDE.md", "zerocopy-native/TROUBLESHOOTING.md")) {
            add(name, MARKDOWN, blocks);
        }
        add("zerocopy-api/src/main/java/io/zerocopy/package-info.java", JAVADOC, blocks);
        return blocks;
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void compiles(Block block) {
        assertThat(errors(block.text())).as(block.text()).isEmpty();
    }

    @Test
    void findsBlocksInEveryDocumentThatHasSome() throws IOException {
        assertThat(blocks())
                .extracting(block -> block.place().replaceFirst(":.*", ""))
                .contains("README.md", "zerocopy-api/GUIDE.md")
                .contains("zerocopy-api/src/main/java/io/zerocopy/package-info.java");
    }

    /** The guide's example of a mechanism is a class that a test runs. */
    @Test
    void theMechanismOfTheGuideIsTheOneThatIsTested() throws IOException {
        String source = Files.readString(
                ROOT.resolve("zerocopy-tests/src/test/java/io/zerocopy/tests/contract/HeapProvider.java"));
        String example = source.substring(source.indexOf("class HeapProvider"));
        assertThat(blocks()).extracting(Block::text).contains(example);
    }

    @Test
    void tellsABlockThatDoesNotCompile() {
        assertThat(errors("Transfers.copyAll(path, socket);\n")).contains("copyAll");
    }

    @Test
    void linksOfTheDocumentsLeadToFiles() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
        for (String name : List.of("README.md", "zerocopy-api/GUIDE.md", "zerocopy-native/TROUBLESHOOTING.md")) {
            Path document = ROOT.resolve(name);
            try (Stream<String> links =
                    link.matcher(Files.readString(document)).results().map(found -> found.group(1))) {
                assertThat(links)
                        .allSatisfy(
                                to -> assertThat(document.resolveSibling(to)).exists());
            }
        }
    }

    private static void add(String name, Pattern pattern, List<Block> blocks) throws IOException {
        String text = Files.readString(ROOT.resolve(name));
        Matcher found = pattern.matcher(text);
        while (found.find()) {
            long line = text.substring(0, found.start()).lines().count() + 1;
            String block = pattern == JAVADOC ? found.group(1).replaceAll("(?m)^ \\* ?", "") : found.group(1);
            blocks.add(new Block(name + ":" + line, block));
        }
    }

    private String errors(String block) {
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return IMPORTS + CONTEXT + block + "}}\n";
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        boolean good = compiler.getTask(errors, null, null, options, null, List.of(source))
                .call();
        return good ? "" : errors.toString();
    }
}
