package dev.wharf.services.content;

import dev.wharf.api.services.content.v1.Info;
import dev.wharf.api.services.content.v1.Status;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import dev.wharf.services.convert.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blobs and ingests as messages. */
final class ContentMessages {
    private ContentMessages() {}

    static Info toProto(ContentInfo info) {
        return Info.newBuilder()
                .setDigest(info.digest().toString())
                .setSize(info.size())
                .setCreatedAt(Times.toProto(info.createdAt()))
                .setUpdatedAt(Times.toProto(info.updatedAt()))
                .putAllLabels(info.labels())
                .build();
    }

    static List<Info> toProto(List<ContentInfo> infos) {
        return infos.stream().map(ContentMessages::toProto).toList();
    }

    static ContentInfo fromProto(Info message) {
        return new ContentInfo(
                digest(message.getDigest()),
                message.getSize(),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()),
                message.getLabelsMap());
    }

    static Status toProto(IngestStatus status) {
        return Status.newBuilder()
                .setStartedAt(Times.toProto(status.startedAt()))
                .setUpdatedAt(Times.toProto(status.updatedAt()))
                .setRef(status.ref())
                .setOffset(status.offset())
                .setTotal(status.total())
                .setExpected(status.expected() == null ? "" : status.expected().toString())
                .build();
    }

    static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (WharfException e) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "\"" + text + "\" failed validation", e);
        }
    }

    /** The digest, or null for an empty text. */
    static @Nullable Digest digestOrNull(String text) {
        return text.isEmpty() ? null : digest(text);
    }
}
