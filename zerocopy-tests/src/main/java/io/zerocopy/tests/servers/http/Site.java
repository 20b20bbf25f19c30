package io.zerocopy.tests.servers.http;

import io.zerocopy.tests.servers.message.Preconditions;
import io.zerocopy.tests.servers.message.RangeSpec;
import io.zerocopy.tests.servers.message.Refusal;
import io.zerocopy.tests.servers.message.Request;
import io.zerocopy.tests.servers.message.Response;
import io.zerocopy.tests.servers.message.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Answers requests from a directory to read, and optionally a directory for uploads. It does not depend on connections.
 */
final class Site {
    private final FileStore files;
    private final FileStore uploads;
    private final long longestUpload;

    /**
     * Creates a site.
     *
     * @param files the files to serve
     * @param uploads where uploads go; null for none
     * @param longestUpload most bytes of an upload's body
     */
    Site(FileStore files, FileStore uploads, long longestUpload) {
        this.files = files;
        this.uploads = uploads;
        this.longestUpload = longestUpload;
    }

    /** Returns whether a request is an upload and this site accepts uploads. */
    boolean takes(Request request) {
        return uploads != null && (request.is("PUT") || request.is("POST"));
    }

    /** Answers a request that is not an upload. */
    Response answer(Request request) throws Refusal, IOException {
        if (!request.is("GET") && !request.is("HEAD")) {
            String allowed = uploads == null ? "GET, HEAD" : "GET, HEAD, PUT, POST";
            throw new Refusal(405, "this method does nothing here", "Allow", allowed);
        }
        StoredFile file = files.open(request.target());
        try {
            Preconditions.require(request, file.etag(), file.modified());
            if (Preconditions.isUnchanged(request, file)) {
                file.close();
                return Response.empty(304).validators(file);
            }
            boolean ranged = request.is("GET") && Preconditions.rangeApplies(request, file);
            return Response.of(file, RangeSpec.of(ranged ? request.field("range") : null, file.size()));
        } catch (Refusal | IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Checks an upload request before any byte of its body is read. */
    Upload receive(Request request) throws Refusal, IOException {
        long length = request.contentLength();
        if (length < 0) {
            throw new Refusal(411, "the length of the body has to be said");
        }
        if (length > longestUpload) {
            throw new Refusal(413, "a body may have " + longestUpload + " bytes");
        }
        if (request.field("content-range") != null) {
            throw new Refusal(400, "files are taken whole");
        }
        Path place = uploads.place(request.target());
        boolean onlyNew = "*".equals(request.field("if-none-match"));
        requirePreconditions(request, place, onlyNew);
        return new Upload(place, length, onlyNew);
    }

    private static void requirePreconditions(Request request, Path place, boolean onlyNew) throws Refusal, IOException {
        String etag = null;
        Instant modified = null;
        try {
            BasicFileAttributes there =
                    Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (onlyNew) {
                throw new Refusal(412, "the file exists already");
            }
            etag = StoredFile.etag(there);
            modified = Instant.ofEpochSecond(there.lastModifiedTime().to(TimeUnit.SECONDS));
        } catch (NoSuchFileException none) {
            etag = null;
        }
        Preconditions.require(request, etag, modified);
    }
}
