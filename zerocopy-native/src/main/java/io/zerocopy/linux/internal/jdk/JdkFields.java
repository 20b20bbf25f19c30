package io.zerocopy.linux.internal.jdk;

import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.zerocopy.linux.sys.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads fields of the JDK's own classes through JNI, which needs no permission: reflection would need
 * {@code --add-opens}. The function is {@code JNU_GetFieldByName} of the JDK's libjava, which returns a {@code jvalue},
 * eight bytes in an integer register; so it is bound twice, once for its {@code int} and once for its {@code object}.
 */
public final class JdkFields {
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final Map<String, Memory> STRINGS = new ConcurrentHashMap<>();

    private JdkFields() {}

    public static void load() {
        String libjava = System.getProperty("java.home") + "/lib/libjava.so";
        NativeLibrary library = NativeLibrary.getInstance(libjava, Map.of(Library.OPTION_ALLOW_OBJECTS, true));
        Native.register(Ints.class, library);
        Native.register(Objects.class, library);
    }

    /** Reads an int field; throws {@link NoSuchFieldError} if there is none. */
    public static int readInt(Object object, String name) {
        return (int) Ints.JNU_GetFieldByName(JNIEnv.CURRENT, 0, object, c(name), c("I"));
    }

    /**
     * Whether a virtual thread has used a channel. The JDK then has made its descriptor non-blocking and relies on that
     * for good. Throws {@link NoSuchFieldError} if a JDK does not tell.
     */
    public static boolean isForcedNonBlocking(Object channel) {
        long value = Ints.JNU_GetFieldByName(JNIEnv.CURRENT, 0, channel, c("forcedNonBlocking"), c("Z"));
        return (value & 0xff) != 0; // the boolean is one byte of the union
    }

    /** Whether {@link #isForcedNonBlocking} answers for this channel. */
    public static boolean tellsForcedNonBlocking(Object channel) {
        try {
            isForcedNonBlocking(channel);
            return true;
        } catch (LinkageError otherJdk) {
            return false;
        }
    }

    /** The lock of a file channel's position; null if it has none, or if another channel shares its position. */
    public static Object positionLock(Object channel) {
        if (!channel.getClass().getName().equals("sun.nio.ch.FileChannelImpl")) {
            return null;
        }
        try {
            return hasParent(channel) ? null : readObject(channel, "positionLock", OBJECT);
        } catch (LinkageError otherJdk) {
            return null;
        }
    }

    private static boolean hasParent(Object channel) {
        try {
            return readObject(channel, "parent", "Ljava/io/Closeable;") != null;
        } catch (NoSuchFieldError olderJdk) {
            return readObject(channel, "parent", OBJECT) != null;
        }
    }

    /** Reads an object field; throws {@link NoSuchFieldError} if there is none. */
    public static Object readObject(Object object, String name, String signature) {
        return Objects.JNU_GetFieldByName(JNIEnv.CURRENT, 0, object, c(name), c(signature));
    }

    /** The address of a C string, converted once: the fields of every new channel are read. */
    private static long c(String text) {
        Memory known = STRINGS.get(text);
        if (known == null) {
            byte[] ascii = (text + "\0").getBytes(StandardCharsets.US_ASCII);
            Memory made = Memory.small().putBytes(0, ascii);
            known = STRINGS.putIfAbsent(text, made);
            known = known == null ? made : known;
        }
        return known.address();
    }

    private static final class Ints {
        static native long JNU_GetFieldByName(JNIEnv env, long hasException, Object object, long name, long signature);
    }

    private static final class Objects {
        static native Object JNU_GetFieldByName(
                JNIEnv env, long hasException, Object object, long name, long signature);
    }
}
