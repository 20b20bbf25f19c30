package io.zerocopy.linux.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The metadata in the jar for native-image, which does not see calls through JNI. No image is built here: the test
 * checks that every name in the metadata exists, and that none is missing.
 */
class NativeImageTest {
    private static final String FOLDER = "/META-INF/native-image/io.zerocopy/zerocopy-native/";

    private static List<JsonObject> entries(String file) throws Exception {
        try (InputStream in = NativeImageTest.class.getResourceAsStream(FOLDER + file);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            List<JsonObject> entries = new ArrayList<>();
            JsonArray all = JsonParser.parseReader(reader).getAsJsonArray();
            for (JsonElement element : all) {
                entries.add(element.getAsJsonObject());
            }
            return entries;
        }
    }

    private static List<String> withMethods(String file) throws Exception {
        return entries(file).stream()
                .filter(entry -> entry.has("allDeclaredMethods"))
                .map(entry -> entry.get("name").getAsString())
                .toList();
    }

    private static List<Path> sources() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** JNA finds the methods of a class by reflection, and gives it functions through JNI. */
    @Test
    void everyClassWithNativeMethodsIsNamedInBoth() throws Exception {
        for (String file : new String[] {"reflect-config.json", "jni-config.json"}) {
            List<String> named = withMethods(file);
            for (String name : named) {
                Method[] methods =
                        Class.forName(name, false, getClass().getClassLoader()).getDeclaredMethods();
                assertThat(Arrays.stream(methods).filter(m -> Modifier.isNative(m.getModifiers())))
                        .as(name)
                        .isNotEmpty();
            }
            assertThat(named).containsExactlyInAnyOrderElementsOf(classesWithNativeMethods());
        }
    }

    private static Set<String> classesWithNativeMethods() throws Exception {
        Set<String> found = new HashSet<>();
        for (Path source : sources()) {
            String outer = Path.of("src/main/java").relativize(source).toString();
            outer = outer.substring(0, outer.length() - ".java".length()).replace('/', '.');
            String type = null;
            for (String line : Files.readAllLines(source)) {
                Matcher nested = Pattern.compile("^ {4}.*\\bclass (\\w+)").matcher(line);
                type = nested.find() ? outer + "$" + nested.group(1) : type;
                if (line.matches("\\s+static native .*")) {
                    found.add(line.startsWith("        ") ? type : outer);
                }
            }
        }
        return found;
    }

    /**
     * Some fields are read by name. Each of them that a JDK has must be in the list, and some JDK must have each field
     * in the list.
     */
    @Test
    void everyFieldOfTheJdkThatIsReadIsNamed() throws Exception {
        Set<String> listed = new HashSet<>();
        int here = 0;
        for (JsonObject entry : entries("jni-config.json")) {
            if (entry.has("fields")) {
                for (JsonElement field : entry.getAsJsonArray("fields")) {
                    String name = field.getAsJsonObject().get("name").getAsString();
                    listed.add(name);
                    here += exists(entry.get("name").getAsString(), name) ? 1 : 0;
                }
            }
        }
        assertThat(here).as("of this JDK").isGreaterThanOrEqualTo(10);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(fieldsThatAreRead());
    }

    private static boolean exists(String type, String field) {
        try {
            return Class.forName(type).getDeclaredField(field) != null;
        } catch (ClassNotFoundException | NoSuchFieldException otherJdk) {
            return false;
        }
    }

    private static Set<String> fieldsThatAreRead() throws Exception {
        Pattern read = Pattern.compile(
                "read(?:Int|Object)\\(\\s*[\\w ()]+,\\s*\"([^\"]+)\"|new Field\\(\"[^\"]+\", \"([^\"]+)\""
                        + "|channel, c\\(\"(\\w+)\"\\)");
        Set<String> names = new HashSet<>();
        for (Path source : sources()) {
            Matcher matcher = read.matcher(Files.readString(source));
            while (matcher.find()) {
                names.add(Stream.of(matcher.group(1), matcher.group(2), matcher.group(3))
                        .filter(name -> name != null)
                        .findFirst()
                        .orElseThrow());
            }
        }
        return names;
    }
}
