package dev.wharf.wire;

import dev.wharf.api.services.content.v1.Info;
import dev.wharf.api.services.content.v1.Status;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blobs and ingests as messages. */
public final class ContentMessages {
    private ContentMessages() {}

    /** What is known of a blob as a message. */
    public static Info toProto(ContentInfo info) {
        return Info.newBuilder()
                .setDigest(info.digest().toString())
                .setSize(info.size())
                .setCreatedAt(Times.toProto(info.createdAt()))
                .setUpdatedAt(Times.toProto(info.updatedAt()))
                .putAllLabels(info.labels())
                .build();
    }

    /** What is known of blobs as messages. */
    public static List<Info> toProto(List<ContentInfo> infos) {
        return infos.stream().map(ContentMessages::toProto).toList();
    }

    /** The message as what is known of a blob; {@code INVALID_ARGUMENT} for a bad digest. */
    public static ContentInfo fromProto(Info message) {
        return new ContentInfo(
                digest(message.getDigest()),
                message.getSize(),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()),
                message.getLabelsMap());
    }

    /** Where an ingest stands as a message; no digest is the empty text. */
    public static Status toProto(IngestStatus status) {
        return Status.newBuilder()
                .setStartedAt(Times.toProto(status.startedAt()))
                .setUpdatedAt(Times.toProto(status.updatedAt()))
                .setRef(status.ref())
                .setOffset(status.offset())
                .setTotal(status.total())
                .setExpected(status.expected() == null ? "" : status.expected().toString())
                .build();
    }

    /** The message as where an ingest stands; {@code INVALID_ARGUMENT} for a bad digest. */
    public static IngestStatus fromProto(Status message) {
        return new IngestStatus(
                message.getRef(),
                message.getOffset(),
                message.getTotal(),
                digestOrNull(message.getExpected()),
                Times.fromProto(message.getStartedAt()),
                Times.fromProto(message.getUpdatedAt()));
    }

    /** The digest of a text; {@code INVALID_ARGUMENT} with the words containerd has for a bad one. */
    public static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (WharfException e) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "\"" + text + "\" failed validation", e);
        }
    }

    /** The digest, or null for an empty text. */
    public static @Nullable Digest digestOrNull(String text) {
        return text.isEmpty() ? null : digest(text);
    }
}
