package dev.wharf.lib.ttrpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.rpc.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response frame: {@code google.rpc.Status status 1, bytes payload 2} (github.com/containerd/ttrpc,
 * request.proto).
 *
 * @param status what went wrong; null or code 0 where nothing did
 * @param payload the encoded response message
 */
record ResponseMessage(@Nullable Status status, Payload payload) {
    private static final int STATUS = 1;
    private static final int PAYLOAD = 2;

    /** Reads a body; the payload stays inside it. Throws where it is not such a message. */
    static ResponseMessage parse(Payload body) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(body.buffer(), body.offset(), body.length());
        Status status = null;
        Payload payload = Payload.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == RequestMessage.tag(STATUS)) {
                status = in.readMessage(Status.parser(), ExtensionRegistryLite.getEmptyRegistry());
            } else if (tag == RequestMessage.tag(PAYLOAD)) {
                payload = RequestMessage.readSlice(in, body);
            } else {
                in.skipField(tag);
            }
        }
        return new ResponseMessage(status, payload);
    }

    /** The last frame of a call that went well. Throws RESOURCE_EXHAUSTED where it is over the limit. */
    static Frame frame(int streamId, Body payload) throws IOException {
        Frame frame = sized(streamId, RequestMessage.bytesSize(PAYLOAD, payload));
        CodedOutputStream out = body(frame);
        RequestMessage.writeBytes(out, PAYLOAD, payload);
        out.checkNoSpaceLeft();
        return frame;
    }

    /** The last frame of a call that failed. A status over the limit is replaced by one that says so. */
    static Frame failure(int streamId, Status status) {
        long size = CodedOutputStream.computeMessageSize(STATUS, status);
        if (size > Wire.MAX_BODY_BYTES) {
            return failure(streamId, StatusMessages.toProto(Wire.oversized(size), null));
        }
        Frame frame = sized(streamId, size);
        try {
            CodedOutputStream out = body(frame);
            out.writeMessage(STATUS, status);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("a computed size was wrong", e);
        }
        return frame;
    }

    private static Frame sized(int streamId, long size) {
        if (size > Wire.MAX_BODY_BYTES) {
            throw Wire.oversized(size).asRuntimeException();
        }
        return new Frame(streamId, Wire.TYPE_RESPONSE, 0, (int) size);
    }

    private static CodedOutputStream body(Frame frame) {
        return CodedOutputStream.newInstance(frame.bytes(), Wire.HEADER_BYTES, frame.size() - Wire.HEADER_BYTES);
    }
}
