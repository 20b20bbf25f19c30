package io.zerocopy.linux.sys.memory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A name as the kernel knows it: bytes. The JDK keeps those of a path, and its string may not tell them all; its URI does.
 */
public final class CName {
    private static final int LONGEST = 4095; // PATH_MAX, less the zero behind it

    private final byte[] bytes;

    private CName(byte[] bytes) {
        this.bytes = bytes;
    }

    public static CName ascii(String name) {
        return new CName(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** A whole path. */
    public static CName of(Path path) throws IOException {
        return new CName(checked(path.toAbsolutePath()));
    }

    private static byte[] checked(Path path) throws IOException {
        byte[] whole = bytes(path);
        if (whole.length > LONGEST) {
            throw new FileSystemException(path.toString(), null, "File name too long");
        }
        return whole;
    }

    /** The folder of an absolute path, and its last name. */
    public static CName[] split(Path path) throws IOException {
        byte[] whole = checked(path);
        int end = whole.length;
        while (end > 1 && whole[end - 1] == '/') {
            end--; // which a URI has behind a folder
        }
        int slash = end - 1;
        while (slash > 0 && whole[slash] != '/') {
            slash--;
        }
        byte[] folder = Arrays.copyOf(whole, Math.max(1, slash));
        return new CName[] {new CName(folder), new CName(Arrays.copyOfRange(whole, slash + 1, Math.max(slash + 1, end)))
        };
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String encoded = path.toUri().getRawPath();
        ByteArrayOutputStream all = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            boolean escaped = encoded.charAt(i) == '%';
            all.write(escaped ? Integer.parseInt(encoded, i + 1, i + 3, 16) : encoded.charAt(i));
            i += escaped ? 2 : 0;
        }
        return all.toByteArray();
    }

    /** Writes it, with a zero behind it, and answers its address. */
    public long put(Memory memory, int offset) {
        memory.putBytes(offset, bytes).putBytes(offset + bytes.length, new byte[1]);
        return memory.address(offset);
    }
}
