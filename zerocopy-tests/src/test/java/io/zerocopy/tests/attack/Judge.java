package io.zerocopy.tests.attack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checks the files that an attack has left, when the attacker has ended: the owner of each file, by its content, and
 * its permissions.
 */
final class Judge {
    static final int ATTACKER = 65534;
    static final int OTHER = 1235;
    static final int OWNER = 1234;
    static final String OTHERS_CONTENT = "somebody else's";
    static final String SECRET = "secret";

    private static final int SET_ID = 06000;

    private final List<String> findings = new ArrayList<>();
    private int attackers;
    private int others;

    /** Returns what is wrong. */
    List<String> findings() {
        return findings;
    }

    int attackers() {
        return attackers;
    }

    int others() {
        return others;
    }

    Judge look(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        for (Path path : all) {
            judge(path);
        }
        return this;
    }

    private void judge(Path path) throws IOException {
        Map<String, Object> facts = Files.readAttributes(path, "unix:uid,gid,mode,nlink", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) facts.get("mode");
        int uid = (int) facts.get("uid");
        boolean regular = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        String content = regular ? content(path) : "";
        String name = path.getFileName().toString();
        if (name.startsWith("ack-") || name.startsWith("sync-")) {
            return;
        }
        String what = path + " of " + uid + " with " + Integer.toOctalString(mode) + " has \"" + content + "\"";
        boolean special = !regular && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (content.startsWith("attacker") || special) {
            attackers += regular && name.startsWith("target") || special || regular ? 1 : 0;
            check((mode & SET_ID) == 0 || uid == ATTACKER, what);
        }
        if (content.equals("attacker")) {
            check(uid == ATTACKER && (int) facts.get("gid") == ATTACKER && (mode & 07777) == 0755, what);
            check(Files.getLastModifiedTime(path).toMillis() > AttackTest.OLD, "the source's time: " + what);
            check(!hasAttributes(path), "the source's attributes: " + what);
        } else if (special) {
            check(uid == ATTACKER, what);
        } else if (content.startsWith(SECRET)) {
            check(uid == 0 && (mode & 077) == 0, what);
        } else if (content.startsWith(OTHERS_CONTENT.substring(0, 8))) {
            others++;
            check(uid == OTHER && (mode & 07777) == 0640 && content.equals(OTHERS_CONTENT), what);
        }
    }

    private static boolean hasAttributes(Path path) throws IOException {
        return !Files.getFileAttributeView(path, java.nio.file.attribute.UserDefinedFileAttributeView.class)
                .list()
                .isEmpty();
    }

    private static String content(Path path) throws IOException {
        try (var in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(100), StandardCharsets.UTF_8);
        }
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            findings.add(otherwise);
        }
    }
}
