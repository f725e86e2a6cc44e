package dev.wharf.services.content;

import com.google.protobuf.ByteString;
import dev.wharf.api.services.content.v1.WriteAction;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.ContentMessages;
import dev.wharf.wire.Times;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of writes to one ingest. The first message names the ingest and locks it; each message is answered; a
 * commit ends the stream. A message is asked for only when the one before was handled and its answer taken.
 *
 * <p>The transport calls one method at a time, so that nothing here needs a lock.
 */
final class WriteSession implements StreamObserver<WriteContentRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSession.class);

    /** An ingest that is locked. */
    private record Ingest(Context ctx, String ref, ContentWriter writer) {}

    private final ContentStore content;
    private final ServerCallStreamObserver<WriteContentResponse> responses;

    /** Answers build on one another: times and total, once told, are told again. */
    private final WriteContentResponse.Builder answer = WriteContentResponse.newBuilder();

    /** The ingest from the first message on, until it is released. */
    private @Nullable Ingest ingest;

    /** Whether the next message has not been asked for yet. */
    private boolean waiting;

    private boolean ended;

    /** The size a commit must have, as last said; 0 when it is unknown. */
    private long total;

    /** The digest a commit must have, as last said. */
    private @Nullable Digest expected;

    private WriteSession(ContentStore content, ServerCallStreamObserver<WriteContentResponse> responses) {
        this.content = content;
        this.responses = responses;
    }

    /** Must be called while the service method runs. */
    static WriteSession open(ContentStore content, ServerCallStreamObserver<WriteContentResponse> responses) {
        WriteSession session = new WriteSession(content, responses);
        responses.disableAutoRequest();
        responses.setOnReadyHandler(session::readyForNext);
        responses.setOnCancelHandler(session::release);
        responses.request(1);
        return session;
    }

    @Override
    public void onNext(WriteContentRequest request) {
        if (ended) {
            return;
        }
        try {
            handle(ingest == null ? begin(request) : ingest, request);
        } catch (Throwable failure) {
            fail(failure);
            return;
        }
        waiting = true;
        readyForNext();
    }

    @Override
    public void onError(Throwable gone) {
        release();
    }

    @Override
    public void onCompleted() {
        release();
        if (!ended) {
            ended = true;
            responses.onCompleted();
        }
    }

    private void readyForNext() {
        if (waiting && !ended && responses.isReady()) {
            waiting = false;
            responses.request(1);
        }
    }

    private Ingest begin(WriteContentRequest first) {
        if (first.getRef().isEmpty()) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "first message must have a reference");
        }
        Context ctx = Requests.context();
        total = Math.max(0, first.getTotal());
        expected = ContentMessages.digestOrNull(first.getExpected());
        Ingest begun = new Ingest(ctx, first.getRef(), content.writer(ctx, first.getRef(), total, expected));
        ingest = begun;
        return begun;
    }

    private void handle(Ingest at, WriteContentRequest request) {
        IngestStatus status = at.writer().status();
        answer.setActionValue(request.getActionValue()).setOffset(status.offset());
        expect(at, request);
        switch (request.getAction()) {
            case STAT -> stat(at, status);
            case WRITE, COMMIT -> write(at, request, status);
            case UNRECOGNIZED -> {}
        }
        responses.onNext(answer.build());
        if (request.getAction() == WriteAction.COMMIT) {
            ended = true;
            release();
            responses.onCompleted();
        }
    }

    /** Takes a changed expectation; a blob that is there already ends the ingest, bytes and all. */
    private void expect(Ingest at, WriteContentRequest request) {
        if (!request.getExpected().isEmpty()) {
            Digest digest = ContentMessages.digest(request.getExpected());
            expected = digest;
            if (exists(at.ctx(), digest)) {
                discard(at);
                throw new WharfException(ErrorKind.ALREADY_EXISTS, "blob with expected digest " + digest + " exists");
            }
        }
        if (request.getTotal() > 0) {
            total = request.getTotal();
        }
    }

    private boolean exists(Context ctx, Digest digest) {
        try {
            content.info(ctx, digest);
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void discard(Ingest at) {
        release();
        try {
            content.abort(at.ctx(), at.ref());
        } catch (WharfException e) {
            LOG.atWarn().addKeyValue("ref", at.ref()).setCause(e).log("failed to abort write");
        }
    }

    private void stat(Ingest at, IngestStatus status) {
        answer.setDigest(at.writer().digest().toString())
                .setStartedAt(Times.toProto(status.startedAt()))
                .setUpdatedAt(Times.toProto(status.updatedAt()))
                .setTotal(total);
    }

    private void write(Ingest at, WriteContentRequest request, IngestStatus status) {
        seek(at, request.getOffset(), status.offset());
        ByteString data = request.getData();
        if (!data.isEmpty()) {
            at.writer().write(data.asReadOnlyByteBuffer());
            answer.setOffset(answer.getOffset() + data.size());
        }
        answer.setDigest(at.writer().digest().toString());
        if (request.getAction() == WriteAction.COMMIT) {
            at.writer().commit(total, expected, request.getLabelsMap());
        }
    }

    /** Offset 0 starts again; any other must be where the ingest stands. */
    private void seek(Ingest at, long wanted, long current) {
        if (wanted > 0 && wanted != current) {
            throw new WharfException(
                    ErrorKind.OUT_OF_RANGE, "write @" + wanted + " must occur at current offset " + current);
        }
        if (wanted == 0 && current > 0) {
            try {
                at.writer().truncate(0);
            } catch (WharfException e) {
                throw e.during("truncate failed");
            }
            answer.setOffset(0);
        }
    }

    private void fail(Throwable failure) {
        ended = true;
        release();
        responses.onError(Calls.status(failure));
    }

    private void release() {
        Ingest at = ingest;
        ingest = null;
        if (at != null) {
            at.writer().close();
        }
    }
}
